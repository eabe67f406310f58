//! The service's error.

use std::time::Duration;

/// The rate limit is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rate limit exceeded; retry after {retry_after:?}")]
pub struct RateLimited {
    /// Time until the next call is admitted.
    pub retry_after: Duration,
}
