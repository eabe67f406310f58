//! A notification as Alertmanager's webhook sends it, version 4.
//!
//! Source: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The alert that always fires: it is the heartbeat of the monitoring.
const WATCHDOG: &str = "Watchdog";

/// A group of alerts that Alertmanager notifies together. Fields that are not needed are not read.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(rename_all(deserialize = "camelCase"))]
pub struct Notification {
    /// The receiver's name in Alertmanager's configuration.
    pub receiver: String,
    /// The alerts of the group.
    pub alerts: Vec<Alert>,
}

/// An alert of a notification.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct Alert {
    /// Whether it still fires.
    pub status: AlertStatus,
    /// What identifies it, with `alertname` among them.
    pub labels: BTreeMap<String, String>,
    /// What describes it, with `summary` among them.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// When Prometheus saw that it fires.
    #[serde(alias = "startsAt")]
    pub starts_at: Timestamp,
    /// When Prometheus saw that it does no longer; only of meaning where it is resolved.
    #[serde(alias = "endsAt")]
    pub ends_at: Timestamp,
    /// A hash of the labels, the same for every notification of this alert.
    pub fingerprint: String,
}

/// The state of an alert.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum AlertStatus {
    Firing,
    Resolved,
}

impl Alert {
    /// A label's value, empty where there is no such label.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// An annotation's text, empty where there is no such annotation.
    pub fn annotation(&self, name: &str) -> &str {
        self.annotations.get(name).map_or("", String::as_str)
    }

    /// Whether this is the heartbeat rather than something to act on.
    pub fn is_heartbeat(&self) -> bool {
        self.label("alertname") == WATCHDOG
    }

    /// When the monitoring was last seen alive, if this is a heartbeat that says so.
    ///
    /// Alertmanager repeats an alert that it still holds, for minutes after Prometheus has died. A repeated heartbeat
    /// proves nothing, so the rule writes the time of its evaluation, in seconds since 1970, into this annotation.
    pub fn evaluated_at(&self) -> Option<Timestamp> {
        let seconds = self.annotations.get("evaluated_at")?.parse().ok()?;
        let since_1970 = SignedDuration::try_from_secs_f64(seconds).ok()?;
        Timestamp::from_duration(since_1970).ok()
    }
}
