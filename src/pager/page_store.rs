//! The store of the pages that the pager's tasks share.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    ledger::Entry,
    outbox::{Message, Totals},
    page::MONITORING_DOWN,
    pages::{Applied, Pages},
};

/// Shared store of the pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PageStore(Arc<Mutex<Pages>>);

impl PageStore {
    /// An empty store, with the URL of MonitoringDown's runbook.
    pub fn new(monitoring_down_runbook: String) -> Self {
        Self(Arc::new(Mutex::new(Pages::new(monitoring_down_runbook))))
    }

    /// Calls `read` with the current pages.
    pub fn read<T>(&self, read: impl FnOnce(&Pages) -> T) -> T {
        // A reader that panicked has changed nothing.
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether MonitoringDown is firing.
    pub fn monitoring_is_down(&self) -> bool {
        self.read(|pages| pages.firing.contains_key(MONITORING_DOWN))
    }

    /// Whether changes are forwarded, as of the last ledger entry about it.
    pub fn is_forwarding(&self) -> bool {
        self.read(|pages| pages.outbox().is_enabled())
    }

    /// Returns the messages to start with when the ledger has been replayed.
    pub fn first_messages(&self) -> Vec<Message> {
        self.read(|pages| pages.outbox().first_messages())
    }

    /// Returns the numbers of forwarded messages.
    pub fn forwarding(&self) -> Totals {
        self.read(|pages| pages.outbox().totals())
    }

    /// Applies a ledger entry. A repeated notification changes nothing.
    pub fn apply(&self, entry: &Entry) -> Applied {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).apply(entry)
    }
}
