//! The messages that are to be forwarded, in order. They follow from the ledger's entries alone.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    forwarding::{Forwarded, Outcome},
    incident::IncidentId,
    page::Change,
};

/// The severity of forwarded pages: the one that wakes somebody.
const SEVERITY: &str = "page";

/// The most messages waiting to be forwarded. Beyond that, new ones are given up: memory is bounded, and the page of the
/// pager shows them.
const MAX_PENDING: usize = 10_000;

/// A message to forward.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub change: Change,
    /// When the change happened.
    pub since: Timestamp,
}

/// The messages without an outcome, by incident, and the numbers of those with one.
///
/// Only the first of an incident's messages may be under way, so that nobody learns of an end before the beginning.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    enabled: bool,
    pending: BTreeMap<IncidentId, VecDeque<Message>>,
    totals: Totals,
}

/// The numbers of messages, since the ledger's beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Whether a webhook is configured.
    pub enabled: bool,
    pub pending: usize,
    pub delivered: u64,
    pub given_up: u64,
    pub refused: u64,
}

/// What became of a change that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is not forwarded: no webhook, or not the severity.
    No,
    /// It is under way if `starts`, or else waits for the incident's earlier message.
    Pending { starts: bool },
    /// Too many are waiting.
    GivenUp,
}

impl Outbox {
    /// Starts or stops to add changes. What is pending stays.
    ///
    /// This is an event of the ledger, so that a webhook that is configured for the first time does not receive what
    /// happened before.
    pub fn enable(&mut self, enabled: bool) {
        self.enabled = enabled;
    }

    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Adds a change.
    pub fn add(&mut self, change: &Change, since: Timestamp) -> Added {
        if !self.enabled || change.page().severity != SEVERITY {
            return Added::No;
        }
        if self.totals.pending >= MAX_PENDING {
            self.totals.given_up += 1;
            return Added::GivenUp;
        }
        let messages = self.pending.entry(change.page().id.clone()).or_default();
        messages.push_back(Message {
            change: change.clone(),
            since,
        });
        self.totals.pending += 1;
        Added::Pending {
            starts: messages.len() == 1,
        }
    }

    /// Removes a message that has its outcome, and returns the incident's next one.
    pub fn remove(&mut self, forwarded: &Forwarded) -> Option<Message> {
        let messages = self.pending.get_mut(&forwarded.incident)?;
        if messages.front()?.change.status() != forwarded.status {
            return None;
        }
        messages.pop_front();
        let next = messages.front().cloned();
        if next.is_none() {
            self.pending.remove(&forwarded.incident);
        }
        self.totals.pending -= 1;
        match forwarded.outcome {
            Outcome::Delivered => self.totals.delivered += 1,
            Outcome::GivenUp => self.totals.given_up += 1,
            Outcome::Refused => self.totals.refused += 1,
        }
        next
    }

    /// Returns the first message of each incident: those to start with.
    pub fn first_messages(&self) -> Vec<Message> {
        self.pending
            .values()
            .filter_map(|messages| messages.front().cloned())
            .collect()
    }

    /// Returns the numbers of messages.
    pub fn totals(&self) -> Totals {
        Totals {
            enabled: self.enabled,
            ..self.totals
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pager::{notification::AlertStatus, page::Page};

    fn fired(second: i64) -> Change {
        let at = Timestamp::from_second(second).expect("a time");
        Change::Fired(Page::monitoring_down(
            at,
            "http://127.0.0.1:8090/runbooks/MonitoringDown",
        ))
    }

    #[test]
    fn the_waiting_messages_are_bounded_and_what_is_too_much_is_counted() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.add(&fired(0), Timestamp::UNIX_EPOCH), Added::No);
        outbox.enable(true);
        for second in 0..MAX_PENDING as i64 {
            let added = outbox.add(&fired(second), Timestamp::UNIX_EPOCH);
            assert_eq!(added, Added::Pending { starts: true });
        }
        assert_eq!(outbox.add(&fired(-1), Timestamp::UNIX_EPOCH), Added::GivenUp);
        let outcome = Forwarded {
            incident: fired(0).page().id.clone(),
            status: AlertStatus::Firing,
            outcome: Outcome::Delivered,
            attempts: 1,
        };
        assert_eq!(outbox.remove(&outcome), None);
        assert_eq!(outbox.remove(&outcome), None, "an outcome counts once");
        assert_eq!(
            outbox.totals(),
            Totals {
                enabled: true,
                pending: MAX_PENDING - 1,
                delivered: 1,
                given_up: 1,
                refused: 0
            }
        );
        assert_eq!(outbox.first_messages().len(), MAX_PENDING - 1);
    }
}
