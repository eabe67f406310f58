//! Pages: alerts from their first notification to their resolution.

use jiff::Timestamp;
use serde::Serialize;

use super::notification::{Alert, AlertStatus};

/// The alert that the pager itself raises.
pub const MONITORING_DOWN: &str = "MonitoringDown";

/// An alert, from its first notification to its resolution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page {
    #[serde(skip)]
    pub fingerprint: String,
    pub alertname: String,
    pub severity: String,
    /// The service, empty if the alert has none.
    pub job: String,
    pub instance: String,
    pub summary: String,
    pub description: String,
    pub runbook_url: String,
    /// When Prometheus first saw it firing.
    pub started_at: Timestamp,
    /// When the pager received its first notification.
    pub delivered_at: Timestamp,
    /// Time from `started_at` to `delivered_at`, in seconds.
    pub delivery_seconds: f64,
    /// When Prometheus saw it resolved.
    pub ended_at: Option<Timestamp>,
    /// When the pager received the resolution.
    pub resolution_delivered_at: Option<Timestamp>,
    /// Time from `started_at` to `ended_at`, in seconds.
    pub lasted_seconds: Option<f64>,
    /// Time from `ended_at` to `resolution_delivered_at`, in seconds.
    pub resolution_delivery_seconds: Option<f64>,
    /// The number of notifications in which it fires.
    pub notifications: u64,
}

impl Page {
    pub fn from_alert(alert: &Alert, at: Timestamp) -> Self {
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

    /// MonitoringDown, which no rule raises: its runbook's URL comes from the settings.
    pub fn monitoring_down(at: Timestamp, runbook_url: &str) -> Self {
        Self {
            fingerprint: MONITORING_DOWN.to_owned(),
            alertname: MONITORING_DOWN.to_owned(),
            severity: "page".to_owned(),
            job: String::new(),
            instance: String::new(),
            summary: "The monitoring itself is down".to_owned(),
            description: "The monitoring's heartbeat is missing. Prometheus, Alertmanager or the connection between \
                          them has failed: no other alert can arrive."
                .to_owned(),
            runbook_url: runbook_url.to_owned(),
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

    pub fn resolve(&mut self, ended_at: Timestamp, at: Timestamp) {
        self.ended_at = Some(ended_at);
        self.resolution_delivered_at = Some(at);
        self.lasted_seconds = Some(seconds_between(self.started_at, ended_at));
        self.resolution_delivery_seconds = Some(seconds_between(ended_at, at));
    }
}

/// Returns the seconds between two times, 0 if they are negative: the clocks of two machines may differ.
fn seconds_between(from: Timestamp, to: Timestamp) -> f64 {
    (to.as_duration() - from.as_duration()).as_secs_f64().max(0.0)
}

/// A change of a page's state.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Fired(Page),
    Resolved(Page),
}

impl Change {
    /// Returns the page.
    pub fn page(&self) -> &Page {
        match self {
            Self::Fired(page) | Self::Resolved(page) => page,
        }
    }

    /// Returns the page's state, as Alertmanager names it.
    pub fn status(&self) -> AlertStatus {
        match self {
            Self::Fired(_) => AlertStatus::Firing,
            Self::Resolved(_) => AlertStatus::Resolved,
        }
    }
}
