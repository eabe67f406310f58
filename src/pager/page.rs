//! Pages: incidents as they are shown.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{
    forwarding::Forwarding,
    incident::IncidentId,
    notification::{Alert, AlertStatus},
};

/// The alert that the pager itself raises.
pub const MONITORING_DOWN: &str = "MonitoringDown";

/// The most bytes of a text that a page keeps. The ledger keeps all.
const MAX_TEXT: usize = 2048;

/// An incident, from its first notification to its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page {
    /// The incident's identity: as of its first notification, and unchanged after that.
    #[serde(serialize_with = "key")]
    pub id: IncidentId,
    pub alertname: String,
    pub severity: String,
    /// The service, empty if the alert has none.
    pub job: String,
    pub instance: String,
    pub summary: String,
    pub description: String,
    pub runbook_url: String,
    /// When Prometheus first saw it firing: the earliest time of all notifications.
    pub started_at: Timestamp,
    /// When the pager received its first notification.
    pub delivered_at: Timestamp,
    /// Time from `started_at` to `delivered_at`, in seconds.
    pub delivery_seconds: f64,
    /// When it ended, as far as known.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub end_reason: Option<EndReason>,
    /// When the pager received its end.
    pub resolution_delivered_at: Option<Timestamp>,
    /// Time from `started_at` to `ended_at`, in seconds.
    pub lasted_seconds: Option<f64>,
    /// Time from `ended_at` to `resolution_delivered_at`, in seconds.
    pub resolution_delivery_seconds: Option<f64>,
    /// The number of notifications in which it fires.
    pub notifications: u64,
    /// Whether it was forwarded. Left out if it is not to be.
    #[serde(skip_serializing_if = "Forwarding::is_empty")]
    pub forwarding: Forwarding,
}

/// How an incident ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Its resolution arrived.
    Resolved,
    /// The same alert fires again, from a later time: the resolution in between never arrived.
    Superseded,
}

fn key<S: Serializer>(id: &IncidentId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&id.key())
}

impl Page {
    /// Creates the page of an incident that was first notified at this time.
    pub fn from_alert(alert: &Alert, at: Timestamp) -> Self {
        Self {
            alertname: clipped(alert.label("alertname")),
            severity: clipped(alert.label("severity")),
            job: clipped(alert.label("job")),
            instance: clipped(alert.label("instance")),
            summary: clipped(alert.annotation("summary")),
            description: clipped(alert.annotation("description")),
            runbook_url: clipped(alert.annotation("runbook_url")),
            ..Self::new(alert.incident(), at)
        }
    }

    /// Creates the page of the monitoring's own failure, which no rule raises: its runbook's URL comes from the settings.
    pub fn monitoring_down(at: Timestamp, runbook_url: &str) -> Self {
        let id = IncidentId {
            fingerprint: MONITORING_DOWN.to_owned(),
            started_at: at,
        };
        Self {
            alertname: MONITORING_DOWN.to_owned(),
            severity: "page".to_owned(),
            summary: "The monitoring itself is down".to_owned(),
            description: "The monitoring's heartbeat is missing. Prometheus, Alertmanager or the connection between \
                          them has failed: no other alert can arrive."
                .to_owned(),
            runbook_url: runbook_url.to_owned(),
            ..Self::new(id, at)
        }
    }

    fn new(id: IncidentId, at: Timestamp) -> Self {
        Self {
            started_at: id.started_at,
            delivered_at: at,
            delivery_seconds: seconds_between(id.started_at, at),
            id,
            alertname: String::new(),
            severity: String::new(),
            job: String::new(),
            instance: String::new(),
            summary: String::new(),
            description: String::new(),
            runbook_url: String::new(),
            ended_at: None,
            end_reason: None,
            resolution_delivered_at: None,
            lasted_seconds: None,
            resolution_delivery_seconds: None,
            notifications: 1,
            forwarding: Forwarding::default(),
        }
    }

    /// Takes over what another notification of the same incident says.
    pub fn repeat(&mut self, other: Self) {
        self.notifications += 1;
        self.summary = other.summary;
        self.description = other.description;
        self.start_earlier(other.started_at);
    }

    /// Moves the start to an earlier time.
    pub fn start_earlier(&mut self, started_at: Timestamp) {
        if started_at < self.started_at {
            self.started_at = started_at;
            self.delivery_seconds = seconds_between(started_at, self.delivered_at);
        }
    }

    /// Ends the incident. `at` is when the pager learned of it.
    pub fn end(&mut self, ended_at: Timestamp, reason: EndReason, at: Timestamp) {
        self.ended_at = Some(ended_at);
        self.end_reason = Some(reason);
        self.resolution_delivered_at = Some(at);
        self.lasted_seconds = Some(seconds_between(self.started_at, ended_at));
        self.resolution_delivery_seconds = Some(seconds_between(ended_at, at));
    }
}

/// Returns the text, cut off where it is too long.
fn clipped(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(MAX_TEXT)])
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
