//! The heartbeat of the monitoring: an alert that always fires, and that is missed when it stays away.
//!
//! That Prometheus is down is the one failure that Prometheus cannot report. So the pager does.

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

/// How often the heartbeat's age is looked at.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// Knows when the monitoring was last seen alive.
#[derive(Debug)]
pub struct Heartbeat {
    timeout: Duration,
    started: Instant,
    last: Mutex<Option<Instant>>,
}

impl Heartbeat {
    /// A heartbeat that is missed when it is older than `timeout`. Until the first one its age counts from now.
    pub fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            started: Instant::now(),
            last: Mutex::new(None),
        }
    }

    /// The longest that the heartbeat may stay away.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// A heartbeat arrived. It counts from the moment at which the monitoring was alive, if it says which.
    pub fn beat(&self, alert: &Alert) {
        let lag = alert.evaluated_at().map_or(Duration::ZERO, |evaluated_at| {
            // A clock that is behind makes it come from the future: it is then as fresh as can be.
            Duration::try_from(Timestamp::now().duration_since(evaluated_at)).unwrap_or_default()
        });
        // Where the lag reaches back before the clock's beginning, the heartbeat is older than any timeout.
        let Some(alive) = Instant::now().checked_sub(lag) else {
            return;
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (*last).max(Some(alive));
    }

    /// How long ago the monitoring was last seen alive.
    pub fn age(&self) -> Duration {
        self.last().unwrap_or(self.started).elapsed()
    }

    /// Whether the monitoring has been seen alive since the pager started, and lately enough.
    pub fn is_fresh(&self) -> bool {
        self.last().is_some_and(|last| last.elapsed() <= self.timeout)
    }

    fn is_missed(&self) -> bool {
        self.age() > self.timeout
    }

    fn last(&self) -> Option<Instant> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Raises and clears MonitoringDown, for ever.
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
                error!(%error, "the state of the monitoring is not written; trying again");
            }
        }
    }
}
