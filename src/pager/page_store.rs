//! What the pager knows: which alerts fire, and which did. It follows from the ledger's entries alone.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    ledger::{Entry, Event},
    notification::{Alert, AlertStatus, Notification},
};

/// How many of the pages that are over are kept at hand. The ledger keeps all.
const MAX_HISTORY: usize = 500;

/// The alert that the pager raises by itself.
const MONITORING_DOWN: &str = "MonitoringDown";

/// What to do about it: the one runbook that no rule under `prometheus/rules/` links to.
const MONITORING_DOWN_RUNBOOK: &str = "https://github.com/example/observer/blob/main/docs/runbooks/MonitoringDown.md";

/// An alert, from its first notification to its resolution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page {
    #[serde(skip)]
    pub fingerprint: String,
    pub alertname: String,
    pub severity: String,
    /// The service that it is about; empty where it is about none.
    pub job: String,
    pub instance: String,
    pub summary: String,
    pub description: String,
    pub runbook_url: String,
    /// When it began to fire, as Prometheus saw it.
    pub started_at: Timestamp,
    /// When the pager first learned of it.
    pub delivered_at: Timestamp,
    /// From its beginning to the pager, in seconds.
    pub delivery_seconds: f64,
    /// When it ended, as Prometheus saw it.
    pub ended_at: Option<Timestamp>,
    /// When the pager learned that it has ended.
    pub resolution_delivered_at: Option<Timestamp>,
    /// From its beginning to its end, in seconds.
    pub lasted_seconds: Option<f64>,
    /// From its end to the pager, in seconds.
    pub resolution_delivery_seconds: Option<f64>,
    /// How many notifications said that it fires.
    pub notifications: u64,
}

impl Page {
    fn from_alert(alert: &Alert, at: Timestamp) -> Self {
        Self {
            fingerprint: alert.fingerprint.clone(),
            alertname: alert.label("alertname").to_owned(),
            severity: alert.label("severity").to_owned(),
            job: alert.label("job").to_owned(),
            instance: alert.label("instance").to_owned(),
            summary: alert.annotation("summary").to_owned(),
            description: alert.annotation("description").to_owned(),
            runbook_url: alert.annotation("runbook_url").to_owned(),
            started_at: alert.starts_at,
            delivered_at: at,
            delivery_seconds: seconds_between(alert.starts_at, at),
            ended_at: None,
            resolution_delivered_at: None,
            lasted_seconds: None,
            resolution_delivery_seconds: None,
            notifications: 1,
        }
    }

    fn monitoring_down(at: Timestamp) -> Self {
        Self {
            fingerprint: MONITORING_DOWN.to_owned(),
            alertname: MONITORING_DOWN.to_owned(),
            severity: "page".to_owned(),
            job: String::new(),
            instance: String::new(),
            summary: "The monitoring itself is down".to_owned(),
            description:
                "The heartbeat of the monitoring has stayed away. Prometheus, Alertmanager or the way between \
                          them is broken: no other alert can arrive."
                    .to_owned(),
            runbook_url: MONITORING_DOWN_RUNBOOK.to_owned(),
            started_at: at,
            delivered_at: at,
            delivery_seconds: 0.0,
            ended_at: None,
            resolution_delivered_at: None,
            lasted_seconds: None,
            resolution_delivery_seconds: None,
            notifications: 1,
        }
    }

    fn end(&mut self, ended_at: Timestamp, at: Timestamp) {
        self.ended_at = Some(ended_at);
        self.resolution_delivered_at = Some(at);
        self.lasted_seconds = Some(seconds_between(self.started_at, ended_at));
        self.resolution_delivery_seconds = Some(seconds_between(ended_at, at));
    }
}

/// Clocks of two machines may differ: less than nothing is shown as nothing.
fn seconds_between(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_duration() - from.as_duration()).as_secs_f64().max(0.0)
}

/// A page that has begun or ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Fired(Page),
    Resolved(Page),
}

impl Change {
    /// The page that it is about.
    pub fn page(&self) -> &Page {
        match self {
            Self::Fired(page) | Self::Resolved(page) => page,
        }
    }

    /// Whether the page fires now, as Alertmanager names it.
    pub fn status(&self) -> AlertStatus {
        match self {
            Self::Fired(_) => AlertStatus::Firing,
            Self::Resolved(_) => AlertStatus::Resolved,
        }
    }
}

/// The board that the ledger's entries are written up on. Cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct PageStore(Arc<Mutex<Pages>>);

/// The pages, at one moment.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pages {
    /// What fires, by the alert's fingerprint.
    #[serde(serialize_with = "values")]
    pub firing: BTreeMap<String, Page>,
    /// What is over, the latest first.
    pub history: VecDeque<Page>,
}

fn values<S: serde::Serializer>(pages: &BTreeMap<String, Page>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pages.values())
}

impl PageStore {
    /// Looks at the pages as they are now.
    pub fn read<T>(&self, read: impl FnOnce(&Pages) -> T) -> T {
        // A panic while somebody else looked has changed nothing.
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the pager itself has raised MonitoringDown.
    pub fn monitoring_is_down(&self) -> bool {
        self.read(|pages| pages.firing.contains_key(MONITORING_DOWN))
    }

    /// Writes an entry up and returns what it changed: nothing where it repeats what is known.
    pub fn apply(&self, entry: &Entry) -> Vec<Change> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &entry.event {
            Event::Notified(notification) => pages.notified(notification, entry.at),
            Event::MonitoringDown => pages.fire(Page::monitoring_down(entry.at)).into_iter().collect(),
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
        // A notification that was long on its way must not bring a page back that is over.
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
            // It fired while the pager was away: it is told now, rather than never.
            self.firing.insert(alert.fingerprint.clone(), unknown);
        }
        self.end(&alert.fingerprint, alert.ends_at, at)
    }

    fn end(&mut self, fingerprint: &str, ended_at: Timestamp, at: Timestamp) -> Option<Change> {
        let mut page = self.firing.remove(fingerprint)?;
        page.end(ended_at, at);
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
