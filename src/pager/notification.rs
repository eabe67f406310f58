//! Notifications of Alertmanager's webhook, version 4.
//!
//! Source: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>

mod fields;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::incident::IncidentId;
use fields::{fingerprint, null_as_default, optional_time, texts, time};

/// The alert that always fires: the monitoring's heartbeat.
const WATCHDOG: &str = "Watchdog";

/// A notification: a group of alerts. Fields that the pager does not need are not read, and what Alertmanager may leave
/// out may be missing or null.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct Notification {
    /// The receiver's name in Alertmanager's configuration.
    #[serde(default, deserialize_with = "null_as_default")]
    pub receiver: String,
    /// The key of the group, the same in each of its notifications.
    #[serde(
        rename(deserialize = "groupKey"),
        alias = "group_key",
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    pub group_key: String,
    /// The number of alerts that Alertmanager left out, because the group has more than its `max_alerts`.
    #[serde(
        rename(deserialize = "truncatedAlerts"),
        alias = "truncated_alerts",
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "is_zero"
    )]
    pub truncated_alerts: u64,
    /// The alerts of the group.
    #[serde(deserialize_with = "null_as_default")]
    pub alerts: Vec<Alert>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An alert of a notification.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct Alert {
    /// Whether it is firing or resolved.
    pub status: AlertStatus,
    /// The identifying labels, including `alertname`.
    #[serde(default, deserialize_with = "texts")]
    pub labels: BTreeMap<String, String>,
    /// The descriptive annotations, such as `summary`.
    #[serde(default, deserialize_with = "texts")]
    pub annotations: BTreeMap<String, String>,
    /// When Prometheus first saw it firing.
    #[serde(rename(deserialize = "startsAt"), alias = "starts_at", deserialize_with = "time")]
    pub starts_at: Timestamp,
    /// When Prometheus saw it resolved. Meaningful only for a resolved alert.
    #[serde(
        rename(deserialize = "endsAt"),
        alias = "ends_at",
        default,
        deserialize_with = "optional_time"
    )]
    pub ends_at: Option<Timestamp>,
    /// A hash of the labels, which identifies the alert across notifications.
    #[serde(deserialize_with = "fingerprint")]
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
    /// Returns the identity of the alert's incident.
    pub fn incident(&self) -> IncidentId {
        IncidentId {
            fingerprint: self.fingerprint.clone(),
            started_at: self.starts_at,
        }
    }

    /// Returns a label's value, empty if there is no such label.
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// Returns an annotation's text, empty if there is no such annotation.
    pub fn annotation(&self, name: &str) -> &str {
        self.annotations.get(name).map_or("", String::as_str)
    }

    /// Whether this is the alert that always fires, which is never a page.
    pub fn is_watchdog(&self) -> bool {
        self.label("alertname") == WATCHDOG
    }

    /// Whether this is a heartbeat. A resolved Watchdog is the opposite: Prometheus no longer sends it.
    pub fn is_heartbeat(&self) -> bool {
        self.is_watchdog() && self.status == AlertStatus::Firing
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
