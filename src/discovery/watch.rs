//! The discovery loop: polls at startup, after each Docker event and at every interval, and publishes the targets.

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

/// Time to wait after an event, because related events come in bursts.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// The first pause after a failure. Pauses grow up to the interval; jitter at most doubles them.
const MIN_BACKOFF: Duration = Duration::from_millis(500);

/// The discovery loop.
#[derive(Debug)]
pub struct Watcher {
    pub docker: Docker,
    pub mode: Mode,
    pub selection: Selection,
    pub interval: Duration,
    /// The file to write the groups to, if any.
    pub file: Option<TargetsFile>,
    /// The groups that the HTTP service serves, as JSON.
    pub published: Sender<Option<Bytes>>,
    pub metrics: DiscoveryMetrics,
}

impl Watcher {
    /// Runs the loop indefinitely.
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
                    // During an event storm, spends at most half of the time on polls.
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

    /// Polls and publishes. Returns whether both succeeded; if not, the previous targets stay.
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
        let answers = poll::query(&self.docker, self.mode, &self.selection).await?;
        Ok(target_groups(&answers, &self.selection)?)
    }

    /// Writes the file, if there is one. Returns whether it is up to date.
    async fn write(&mut self, groups: Bytes) -> bool {
        let Some(mut file) = self.file.take() else {
            return true;
        };
        // File I/O blocks.
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
