//! A notification as Alertmanager's webhook sends it, version 4.
//!
//! Source: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>

use std::collections::BTreeMap;

use serde::Deserialize;

/// A group of alerts that Alertmanager notifies together. Fields that are not needed are not read.
#[derive(Debug, Deserialize)]
pub struct Notification {
    /// The receiver's name in Alertmanager's configuration.
    pub receiver: String,
    /// The alerts of the group.
    pub alerts: Vec<Alert>,
}

/// An alert of a notification.
#[derive(Debug, Deserialize)]
pub struct Alert {
    /// Whether it still fires.
    pub status: AlertStatus,
    /// What identifies it, with `alertname` among them.
    pub labels: BTreeMap<String, String>,
    /// What describes it, with `summary` among them.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

/// The state of an alert.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum AlertStatus {
    Firing,
    Resolved,
}

impl Alert {
    /// The alert's name.
    pub fn name(&self) -> &str {
        self.labels
            .get("alertname")
            .map_or("an alert without a name", String::as_str)
    }
}
