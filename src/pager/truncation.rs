//! Groups of which Alertmanager leaves out alerts, because they have more than its `max_alerts`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::notification::Notification;

/// The most groups that are shown.
const MAX_GROUPS: usize = 100;

/// The groups whose last notification was cut off, by key.
#[derive(Clone, Debug, Default)]
pub struct TruncatedGroups(BTreeMap<String, TruncatedGroup>);

/// A group whose last notification was cut off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TruncatedGroup {
    pub receiver: String,
    pub group: String,
    /// The number of alerts that were left out.
    pub alerts: u64,
    /// When the notification arrived.
    pub at: Timestamp,
}

impl TruncatedGroups {
    /// Applies a notification.
    pub fn apply(&mut self, notification: &Notification, at: Timestamp) {
        let key = &notification.group_key;
        if notification.truncated_alerts == 0 {
            self.0.remove(key);
        } else if self.0.len() < MAX_GROUPS || self.0.contains_key(key) {
            let group = TruncatedGroup {
                receiver: notification.receiver.clone(),
                group: key.clone(),
                alerts: notification.truncated_alerts,
                at,
            };
            self.0.insert(key.clone(), group);
        }
    }
}

impl Serialize for TruncatedGroups {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.values())
    }
}
