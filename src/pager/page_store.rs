//! The firing and the resolved pages. They follow from the ledger's entries alone.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    ledger::{Entry, Event},
    notification::{Alert, AlertStatus, Notification},
    page::{Change, MONITORING_DOWN, Page},
};

/// The most resolved pages kept in memory. The ledger keeps all.
const MAX_HISTORY: usize = 500;

/// Shared store of the pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PageStore(Arc<Mutex<Pages>>);

/// The pages at one instant.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pages {
    /// The firing pages, by fingerprint.
    #[serde(serialize_with = "values")]
    pub firing: BTreeMap<String, Page>,
    /// The resolved pages, latest first.
    pub history: VecDeque<Page>,
    /// The URL of MonitoringDown's runbook.
    #[serde(skip)]
    monitoring_down_runbook: String,
}

fn values<S: serde::Serializer>(pages: &BTreeMap<String, Page>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pages.values())
}

impl PageStore {
    /// An empty store, with the URL of MonitoringDown's runbook.
    pub fn new(monitoring_down_runbook: String) -> Self {
        Self(Arc::new(Mutex::new(Pages {
            monitoring_down_runbook,
            ..Pages::default()
        })))
    }

    /// Calls `read` with the current pages.
    pub fn read<T>(&self, read: impl FnOnce(&Pages) -> T) -> T {
        // A reader that panicked has changed nothing.
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether MonitoringDown is firing.
    pub fn monitoring_is_down(&self) -> bool {
        self.read(|pages| pages.firing.contains_key(MONITORING_DOWN))
    }

    /// Applies a ledger entry and returns the changes. A repeated notification changes nothing.
    pub fn apply(&self, entry: &Entry) -> Vec<Change> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &entry.event {
            Event::Notified(notification) => pages.notified(notification, entry.at),
            Event::MonitoringDown => {
                let page = Page::monitoring_down(entry.at, &pages.monitoring_down_runbook);
                pages.fire(page).into_iter().collect()
            }
            Event::MonitoringBack => pages.end(MONITORING_DOWN, entry.at, entry.at).into_iter().collect(),
        }
    }
}

impl Pages {
    fn notified(&mut self, notification: &Notification, at: Timestamp) -> Vec<Change> {
        notification
            .alerts
            .iter()
            .filter(|alert| !alert.is_heartbeat())
            .filter_map(|alert| match alert.status {
                AlertStatus::Firing => self.fire(Page::from_alert(alert, at)),
                AlertStatus::Resolved => self.resolve(alert, at),
            })
            .collect()
    }

    fn fire(&mut self, page: Page) -> Option<Change> {
        if let Some(known) = self.firing.get_mut(&page.fingerprint) {
            known.notifications += 1;
            known.summary = page.summary;
            known.description = page.description;
            return None;
        }
        // A delayed notification must not reopen a resolved page.
        if self.is_resolved(&page) {
            return None;
        }
        self.firing.insert(page.fingerprint.clone(), page.clone());
        Some(Change::Fired(page))
    }

    fn resolve(&mut self, alert: &Alert, at: Timestamp) -> Option<Change> {
        if !self.firing.contains_key(&alert.fingerprint) {
            let unknown = Page::from_alert(alert, at);
            if self.is_resolved(&unknown) {
                return None;
            }
            // It fired while the pager was down: record it now, rather than never.
            self.firing.insert(alert.fingerprint.clone(), unknown);
        }
        self.end(&alert.fingerprint, alert.ends_at, at)
    }

    fn end(&mut self, fingerprint: &str, ended_at: Timestamp, at: Timestamp) -> Option<Change> {
        let mut page = self.firing.remove(fingerprint)?;
        page.resolve(ended_at, at);
        self.history.push_front(page.clone());
        self.history.truncate(MAX_HISTORY);
        Some(Change::Resolved(page))
    }

    fn is_resolved(&self, page: &Page) -> bool {
        self.history
            .iter()
            .any(|over| over.fingerprint == page.fingerprint && over.started_at == page.started_at)
    }
}
