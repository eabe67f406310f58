//! Notifications of Alertmanager's webhook, version 4.
//!
//! Source: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The alert that always fires: the monitoring's heartbeat.
const WATCHDOG: &str = "Watchdog";

/// A notification: a group of alerts. Fields that the pager does not need are not read.
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
    /// Whether it is firing or resolved.
    pub status: AlertStatus,
    /// The identifying labels, including `alertname`.
    pub labels: BTreeMap<String, String>,
    /// The descriptive annotations, such as `summary`.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// When Prometheus first saw it firing.
    #[serde(alias = "startsAt")]
    pub starts_at: Timestamp,
    /// When Prometheus saw it resolved. Meaningful only for a resolved alert.
    #[serde(alias = "endsAt")]
    pub ends_at: Timestamp,
    /// A hash of the labels, which identifies the alert across notifications.
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
    /// Returns a label's value, empty if there is no such label.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// Returns an annotation's text, empty if there is no such annotation.
    pub fn annotation(&self, name: &str) -> &str {
        self.annotations.get(name).map_or("", String::as_str)
    }

    /// Whether this is the heartbeat.
    pub fn is_heartbeat(&self) -> bool {
        self.label("alertname") == WATCHDOG
    }

    /// Returns the time at which Prometheus evaluated the heartbeat's rule, if the alert carries it.
    ///
    /// Alertmanager repeats an alert for minutes after Prometheus has died, so a heartbeat alone does not prove that
    /// Prometheus is alive. The rule writes its time of evaluation, in seconds since 1970, into the annotation
    /// `evaluated_at`.
    pub fn evaluated_at(&self) -> Option<Timestamp> {
        let seconds = self.annotations.get("evaluated_at")?.parse().ok()?;
        let since_1970 = SignedDuration::try_from_secs_f64(seconds).ok()?;
        Timestamp::from_duration(since_1970).ok()
    }
}
