//! The loop: polls at once, then after each event of Docker and every interval, and tells what it finds.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use bytes::Bytes;
use tokio::{
    sync::{Notify, watch::Sender},
    task::spawn_blocking,
    time::sleep,
};
use tracing::{error, info, warn};

use super::{
    docker::Docker,
    events,
    file::TargetsFile,
    groups::TargetGroups,
    mapping::target_groups,
    metrics::DiscoveryMetrics,
    poll::{self, PollError},
    selection::Selection,
    settings::Mode,
};

/// How long to wait after an event: what belongs together comes in a burst.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// The first pause after a failure. It grows to the interval, before jitter doubles it at the most.
const MIN_BACKOFF: Duration = Duration::from_millis(500);

/// All that the loop works with.
#[derive(Debug)]
pub struct Watcher {
    pub docker: Docker,
    pub mode: Mode,
    pub selection: Selection,
    pub interval: Duration,
    /// Where the groups are written to, if anywhere.
    pub file: Option<TargetsFile>,
    /// Where the groups are served from.
    pub published: Sender<Option<Bytes>>,
    pub metrics: DiscoveryMetrics,
}

impl Watcher {
    /// Discovers for ever.
    pub async fn run(mut self) -> Infallible {
        let changed = Notify::new();
        let (docker, metrics) = (self.docker.clone(), self.metrics.clone());
        let polls = async {
            let mut last = TargetGroups::default();
            let mut backoff = self.backoff();
            let mut failing = false;
            loop {
                let asked = Instant::now();
                let done = self.poll_and_publish(&mut last).await;
                let took = asked.elapsed();
                let pause = if done {
                    if failing {
                        info!("discovery works again");
                    }
                    backoff = self.backoff();
                    self.interval
                } else {
                    backoff.next().unwrap_or(self.interval)
                };
                failing = !done;
                tokio::select! {
                    () = sleep(pause) => {}
                    // Under a storm of events at most half of the time is spent on them.
                    () = changed.notified(), if done => sleep(DEBOUNCE.max(took)).await,
                }
            }
        };
        tokio::select! {
            never = polls => never,
            never = events::follow(&docker, &changed, &metrics) => never,
        }
    }

    fn backoff(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(MIN_BACKOFF.min(self.interval))
            .with_max_delay(self.interval)
            .with_jitter()
            .without_max_times()
            .build()
    }

    /// Polls and tells. Says whether both went well; if not, what was told before still holds.
    async fn poll_and_publish(&mut self, last: &mut TargetGroups) -> bool {
        let timer = self.metrics.poll_duration.start_timer();
        let found = match self.poll().await {
            Ok(found) => found,
            Err(error) => {
                timer.stop_and_discard();
                self.metrics.poll_errors.inc();
                warn!(%error, "cannot discover; the targets stay as they are");
                return false;
            }
        };
        timer.observe_duration();
        self.metrics.record_success();
        self.metrics.targets.set(found.targets() as i64);
        self.metrics.skipped.set(found.skipped().len() as i64);
        for skipped in found.skipped().difference(last.skipped()) {
            warn!(name = skipped.name, reason = %skipped.reason, "no target");
        }
        let groups = Bytes::from(found.to_json());
        *last = found;
        let changed = self.published.send_if_modified(|published| {
            let changed = published.as_ref() != Some(&groups);
            *published = Some(groups.clone());
            changed
        });
        if changed {
            self.metrics.changes.inc();
            info!(targets = last.targets(), "the targets have changed");
        }
        self.write(groups).await
    }

    async fn poll(&self) -> Result<TargetGroups, PollError> {
        let answers = poll::ask(&self.docker, self.mode, &self.selection).await?;
        Ok(target_groups(&answers, &self.selection)?)
    }

    /// Says whether the file, if there is one, is up to date.
    async fn write(&mut self, groups: Bytes) -> bool {
        let Some(mut file) = self.file.take() else {
            return true;
        };
        // The disk blocks.
        let (file, written) = spawn_blocking(move || {
            let written = file.write(&groups);
            (file, written)
        })
        .await
        .expect("writing a file does not panic");
        self.file = Some(file);
        if let Err(error) = &written {
            self.metrics.write_errors.inc();
            error!(%error, "cannot write the file of targets; the old one stays");
        }
        written.is_ok()
    }
}
