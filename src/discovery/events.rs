//! Docker's event stream, which triggers polls.

use std::{convert::Infallible, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use serde_json::json;
use tokio::{sync::Notify, time::sleep};
use tracing::{debug, info};

use super::{docker::Docker, metrics::DiscoveryMetrics};

/// Notifies `changed` of each event, indefinitely. Without a stream the polls continue at their interval.
pub async fn follow(docker: &Docker, changed: &Notify, metrics: &DiscoveryMetrics) -> Infallible {
    // Excludes the exec events of health checks, which occur every few seconds.
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
                    // The stream does not include earlier events.
                    changed.notify_one();
                    // One JSON object a line. The content does not matter: the poll reads the current state.
                    while let Ok(Some(lines)) = events.chunk().await {
                        let ends = lines.split(|byte| *byte == b'\n').skip(1);
                        metrics.events.inc_by(ends.count() as u64);
                        changed.notify_one();
                    }
                    debug!("Docker's event stream has ended; reconnecting");
                    break;
                }
                Err(error) => info!(%error, "no event stream from Docker; polling at the interval"),
            }
            sleep(pause).await;
        }
        sleep(Duration::from_secs(1)).await;
    }
}
