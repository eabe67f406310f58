//! What has become of the messages that are forwarded.

use jiff::Timestamp;
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

/// The state of a page's two messages, and since when each has it. None is not forwarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forwarding {
    firing: Option<MessageState>,
    firing_since: Option<Timestamp>,
    resolved: Option<MessageState>,
    resolved_since: Option<Timestamp>,
}

impl Forwarding {
    /// Whether no message of the page is forwarded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Sets the state that one of the messages has from now on.
    pub fn set(&mut self, status: AlertStatus, state: MessageState, now: Timestamp) {
        let (message, since) = match status {
            AlertStatus::Firing => (&mut self.firing, &mut self.firing_since),
            AlertStatus::Resolved => (&mut self.resolved, &mut self.resolved_since),
        };
        *message = Some(state);
        *since = Some(now);
    }
}
