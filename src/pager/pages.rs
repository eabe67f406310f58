//! The firing and the ended pages. They follow from the ledger's entries alone.
//!
//! An incident is a fingerprint and a `startsAt`, and at most one incident of a fingerprint fires at a time:
//!
//! - A later `startsAt` than that of the firing page is another incident. The resolution in between never arrived, so the
//!   first page ends as superseded, at the other's start: the latest time at which it can have ended.
//! - An earlier one that is new is the same incident. Alertmanager merges alerts that overlap, as two Prometheus servers
//!   send them, and keeps the earliest `startsAt`. The page then starts earlier, and keeps its identity.
//! - A resolution with an earlier and new `startsAt` belongs to the firing page for the same reason if it ended after
//!   that page's start, and to an incident that was over before otherwise.
//! - An incident that has ended is over: a late notification of it changes nothing.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{
    forwarding::{Forwarded, MessageState, Outcome},
    incident::{EndedIncidents, IncidentId},
    ledger::{Entry, Event},
    notification::{Alert, AlertStatus, Notification},
    outbox::{Added, Message, Outbox},
    page::{Change, EndReason, MONITORING_DOWN, Page},
    truncation::TruncatedGroups,
};

/// The most ended pages kept in memory. The ledger keeps all.
const MAX_HISTORY: usize = 500;

/// The pages at one instant.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pages {
    /// The firing pages, by fingerprint.
    #[serde(serialize_with = "values")]
    pub firing: BTreeMap<String, Page>,
    /// The ended pages, latest first.
    pub history: VecDeque<Page>,
    /// The URL of MonitoringDown's runbook.
    #[serde(skip)]
    monitoring_down_runbook: String,
    /// The groups of which Alertmanager left out alerts.
    truncated: TruncatedGroups,
    #[serde(rename = "forwarding", serialize_with = "totals")]
    outbox: Outbox,
    #[serde(skip)]
    ended: EndedIncidents,
}

fn values<S: Serializer>(pages: &BTreeMap<String, Page>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pages.values())
}

fn totals<S: Serializer>(outbox: &Outbox, serializer: S) -> Result<S::Ok, S::Error> {
    outbox.totals().serialize(serializer)
}

/// What an entry of the ledger has changed.
#[derive(Debug, Default)]
pub struct Applied {
    pub changes: Vec<Change>,
    /// The messages to forward now.
    pub messages: Vec<Message>,
    /// The number of messages given up because too many are waiting.
    pub given_up: u64,
}

impl Pages {
    /// No pages, with the URL of MonitoringDown's runbook.
    pub fn new(monitoring_down_runbook: String) -> Self {
        Self {
            monitoring_down_runbook,
            ..Self::default()
        }
    }

    /// Returns the changes that are to be forwarded.
    pub const fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Applies a ledger entry. A repeated notification changes nothing.
    pub fn apply(&mut self, entry: &Entry) -> Applied {
        let changes = match &entry.event {
            Event::Notified(notification) => self.notified(notification, entry.at),
            Event::MonitoringDown => {
                let page = Page::monitoring_down(entry.at, &self.monitoring_down_runbook);
                self.fire(page)
            }
            Event::MonitoringBack => self
                .end(MONITORING_DOWN, entry.at, EndReason::Resolved, entry.at)
                .into_iter()
                .collect(),
            Event::ForwardingEnabled | Event::ForwardingDisabled => {
                self.outbox.enable(entry.event == Event::ForwardingEnabled);
                Vec::new()
            }
            Event::Forwarded(forwarded) => return self.forwarded(forwarded, entry.at),
        };
        self.add_to_outbox(changes, entry.at)
    }

    fn notified(&mut self, notification: &Notification, at: Timestamp) -> Vec<Change> {
        self.truncated.apply(notification, at);
        let mut changes = Vec::new();
        for alert in notification.alerts.iter().filter(|alert| !alert.is_watchdog()) {
            changes.extend(match alert.status {
                AlertStatus::Firing => self.fire(Page::from_alert(alert, at)),
                AlertStatus::Resolved => self.resolve(alert, at),
            });
        }
        changes
    }

    fn fire(&mut self, page: Page) -> Vec<Change> {
        if self.ended.contains(&page.id) {
            return Vec::new();
        }
        let fingerprint = page.id.fingerprint.clone();
        let mut changes = Vec::new();
        if let Some(firing) = self.firing.get_mut(&fingerprint) {
            if page.started_at <= firing.id.started_at {
                firing.repeat(page);
                return changes;
            }
            changes.extend(self.end(&fingerprint, page.started_at, EndReason::Superseded, page.delivered_at));
        }
        self.firing.insert(fingerprint, page.clone());
        changes.push(Change::Fired(page));
        changes
    }

    fn resolve(&mut self, alert: &Alert, at: Timestamp) -> Vec<Change> {
        let page = Page::from_alert(alert, at);
        if self.ended.contains(&page.id) {
            return Vec::new();
        }
        let ended_at = alert.ends_at.unwrap_or(at);
        let firing = self.firing.get_mut(&alert.fingerprint);
        match firing.filter(|firing| page.started_at <= firing.id.started_at) {
            // It was over before the firing one began.
            Some(firing) if page.started_at < firing.started_at && ended_at <= firing.started_at => {
                vec![
                    Change::Fired(page.clone()),
                    self.close(page, ended_at, EndReason::Resolved, at),
                ]
            }
            Some(firing) => {
                firing.start_earlier(page.started_at);
                self.end(&alert.fingerprint, ended_at, EndReason::Resolved, at)
                    .into_iter()
                    .collect()
            }
            // It fired while the pager was down: record it now, rather than never.
            None => {
                let mut changes = self.fire(page);
                changes.extend(self.end(&alert.fingerprint, ended_at, EndReason::Resolved, at));
                changes
            }
        }
    }

    fn end(&mut self, fingerprint: &str, ended_at: Timestamp, reason: EndReason, at: Timestamp) -> Option<Change> {
        let page = self.firing.remove(fingerprint)?;
        Some(self.close(page, ended_at, reason, at))
    }

    fn close(&mut self, mut page: Page, ended_at: Timestamp, reason: EndReason, at: Timestamp) -> Change {
        page.end(ended_at, reason, at);
        self.ended.insert(IncidentId {
            started_at: page.started_at,
            ..page.id.clone()
        });
        self.ended.insert(page.id.clone());
        self.history.push_front(page.clone());
        self.history.truncate(MAX_HISTORY);
        Change::Resolved(page)
    }

    fn add_to_outbox(&mut self, changes: Vec<Change>, at: Timestamp) -> Applied {
        let mut applied = Applied::default();
        for change in &changes {
            let state = match self.outbox.add(change, at) {
                Added::No => continue,
                Added::GivenUp => {
                    applied.given_up += 1;
                    MessageState::Ended(Outcome::GivenUp)
                }
                Added::Pending { starts } => {
                    if starts {
                        applied.messages.push(Message {
                            change: change.clone(),
                            since: at,
                        });
                    }
                    MessageState::Pending
                }
            };
            self.set_state(&change.page().id, change.status(), state, at);
        }
        applied.changes = changes;
        applied
    }

    fn forwarded(&mut self, forwarded: &Forwarded, at: Timestamp) -> Applied {
        let next = self.outbox.remove(forwarded);
        self.set_state(
            &forwarded.incident,
            forwarded.status,
            MessageState::Ended(forwarded.outcome),
            at,
        );
        Applied {
            messages: next.into_iter().collect(),
            ..Applied::default()
        }
    }

    /// Sets the state of a page's message, where the page is still kept.
    fn set_state(&mut self, id: &IncidentId, status: AlertStatus, state: MessageState, at: Timestamp) {
        let firing = self.firing.get_mut(&id.fingerprint).filter(|page| page.id == *id);
        let page = firing.or_else(|| self.history.iter_mut().find(|page| page.id == *id));
        if let Some(page) = page {
            page.forwarding.set(status, state, at);
        }
    }
}
