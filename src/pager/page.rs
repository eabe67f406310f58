//! Pages: alerts from their first notification to their resolution.

use jiff::Timestamp;
use serde::Serialize;

use super::notification::{Alert, AlertStatus};

/// The alert that the pager raises by itself.
pub const MONITORING_DOWN: &str = "MonitoringDown";

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

    pub fn monitoring_down(at: Timestamp) -> Self {
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

    pub fn resolve(&mut self, ended_at: Timestamp, at: Timestamp) {
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
