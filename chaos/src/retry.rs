//! Repeating what may not succeed at once.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Pause between two attempts.
const PAUSE: Duration = Duration::from_secs(1);

/// Repeats `attempt` until it succeeds, for at most this long.
///
/// # Errors
///
/// Fails as the last attempt did.
pub async fn within<F>(limit: Duration, mut attempt: impl FnMut() -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<()>>,
{
    let began = Instant::now();
    loop {
        match attempt().await {
            Err(error) if began.elapsed() >= limit => return Err(error.context(format!("after {limit:?}"))),
            Err(_) => sleep(PAUSE).await,
            Ok(()) => return Ok(()),
        }
    }
}
