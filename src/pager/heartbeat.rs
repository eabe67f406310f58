//! The monitoring's heartbeat: an alert that always fires.
//!
//! Prometheus cannot report its own failure. The pager does so when the heartbeat is missing.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::time::interval;
use tracing::error;

use super::{
    ledger::{Event, Ledger},
    notification::Alert,
    page_store::PageStore,
};

/// Interval between checks of the heartbeat's age.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The time at which the monitoring was last known to be alive.
#[derive(Debug)]
pub struct Heartbeat {
    timeout: Duration,
    started: Instant,
    last: Mutex<Option<Instant>>,
}

impl Heartbeat {
    /// Creates a heartbeat that is missed when older than `timeout`. Until the first beat its age counts from now.
    pub fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            started: Instant::now(),
            last: Mutex::new(None),
        }
    }

    /// Returns the age from which the heartbeat counts as missed.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Records a heartbeat. It counts from its time of evaluation, if it carries one.
    #[expect(
        clippy::disallowed_methods,
        reason = "the evaluation's time is a date, set by another process"
    )]
    pub fn beat(&self, alert: &Alert) {
        let lag = alert.evaluated_at().map_or(Duration::ZERO, |evaluated_at| {
            // With a slow local clock the heartbeat comes from the future: treat it as evaluated now.
            Duration::try_from(Timestamp::now().duration_since(evaluated_at)).unwrap_or_default()
        });
        // `None` if the lag exceeds the clock's range: the heartbeat is older than any timeout.
        let Some(alive) = Instant::now().checked_sub(lag) else {
            return;
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (*last).max(Some(alive));
    }

    /// Returns the time since the monitoring was last known to be alive.
    pub fn age(&self) -> Duration {
        self.last().unwrap_or(self.started).elapsed()
    }

    /// Whether a heartbeat has arrived since the pager started, and is not older than the timeout.
    pub fn is_fresh(&self) -> bool {
        self.last().is_some_and(|last| last.elapsed() <= self.timeout)
    }

    fn is_missed(&self) -> bool {
        self.age() > self.timeout
    }

    fn last(&self) -> Option<Instant> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Raises and clears MonitoringDown, indefinitely.
    pub async fn watch(&self, pages: &PageStore, ledger: &Ledger) {
        let mut checks = interval(CHECK_INTERVAL);
        loop {
            checks.tick().await;
            let event = match (pages.monitoring_is_down(), self.is_missed(), self.is_fresh()) {
                (false, true, _) => Event::MonitoringDown,
                (true, _, true) => Event::MonitoringBack,
                _ => continue,
            };
            if let Err(error) = ledger.write(event).await {
                error!(%error, "cannot record the state of the monitoring; trying again");
            }
        }
    }
}
