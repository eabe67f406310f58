//! Why there is no text.

use std::time::Duration;

/// There were too many calls lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many calls; the next is taken in {retry_after:?}")]
pub struct RateLimited {
    /// How long from now the next call is refused.
    pub retry_after: Duration,
}
