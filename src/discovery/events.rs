//! Docker's events: something has changed, so it is time to look again.

use std::{convert::Infallible, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use serde_json::json;
use tokio::{sync::Notify, time::sleep};
use tracing::{debug, info};

use super::{docker::Docker, metrics::DiscoveryMetrics};

/// Tells of each event, for ever. While Docker does not answer, or a proxy refuses, the polls go on by their interval.
pub async fn follow(docker: &Docker, changed: &Notify, metrics: &DiscoveryMetrics) -> Infallible {
    // Without those of the health checks, which Docker makes by starting a process in the container every few seconds.
    let filters = json!({
        "type": ["container", "network", "service", "node"],
        "event": ["start", "die", "pause", "unpause", "connect", "disconnect", "create", "update", "remove"],
    })
    .to_string();
    loop {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(Duration::from_secs(1))
            .with_max_delay(Duration::from_mins(1))
            .with_jitter()
            .without_max_times();
        for pause in backoff.build() {
            match docker.stream("/events", &filters).await {
                Ok(mut events) => {
                    // What happened before is not told.
                    changed.notify_one();
                    // One object a line. What it says does not matter: the poll finds out what is.
                    while let Ok(Some(lines)) = events.chunk().await {
                        let ends = lines.split(|byte| *byte == b'\n').skip(1);
                        metrics.events.inc_by(ends.count() as u64);
                        changed.notify_one();
                    }
                    debug!("Docker's events have ended; asking for them again");
                    break;
                }
                Err(error) => info!(%error, "no events of Docker; the interval goes on"),
            }
            sleep(pause).await;
        }
        sleep(Duration::from_secs(1)).await;
    }
}
