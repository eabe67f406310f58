//! A counter whose value is read elsewhere, such as from the operating system.

use std::sync::{Mutex, PoisonError};

use prometheus::Counter;

/// Follows a reading that only grows.
#[derive(Debug)]
pub(super) struct Reading {
    counter: Counter,
    /// Two scrapes at a time must not both add what has come since the last one.
    following: Mutex<()>,
}

impl Reading {
    pub(super) fn new(counter: Counter) -> Self {
        Self {
            counter,
            following: Mutex::new(()),
        }
    }

    /// Brings the counter up to `reading`. It never goes back.
    pub(super) fn follow(&self, reading: f64) {
        let _following = self.following.lock().unwrap_or_else(PoisonError::into_inner);
        let growth = reading - self.counter.get();
        if growth > 0.0 {
            self.counter.inc_by(growth);
        }
    }
}
