//! What has become of the messages that are forwarded.

use serde::{Deserialize, Serialize};

use super::{incident::IncidentId, notification::AlertStatus};

/// The end of one message's forwarding, an event of the ledger.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Forwarded {
    pub incident: IncidentId,
    /// Whether the message said that the incident fires, or that it has ended.
    pub status: AlertStatus,
    pub outcome: Outcome,
    /// The number of requests that it took.
    pub attempts: u32,
}

/// How the forwarding of a message ended.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The webhook took it.
    Delivered,
    /// The webhook failed for too long.
    GivenUp,
    /// The webhook answered that it will never take it.
    Refused,
}

/// The state of a message that is forwarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    Pending,
    #[serde(untagged)]
    Ended(Outcome),
}

/// The state of a page's two messages. None is not forwarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forwarding {
    pub firing: Option<MessageState>,
    pub resolved: Option<MessageState>,
}

impl Forwarding {
    /// Whether no message of the page is forwarded.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Sets the state of one of the messages.
    pub fn set(&mut self, status: AlertStatus, state: MessageState) {
        match status {
            AlertStatus::Firing => self.firing = Some(state),
            AlertStatus::Resolved => self.resolved = Some(state),
        }
    }
}
