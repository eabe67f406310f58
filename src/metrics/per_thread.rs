//! A value for each thread, so that no two processors fight over one cache line.

use std::sync::{Mutex, OnceLock, PoisonError};

use super::slot;

/// Values that each have one writer at a time, and any number of readers.
#[derive(Debug)]
pub(super) struct PerThread<T> {
    /// By the thread's slot; made when the thread first writes.
    owned: Box<[OnceLock<Box<OwnLines<T>>>]>,
    /// For the threads that have no slot, one at a time.
    shared: OnceLock<Box<OwnLines<T>>>,
    sharing: Mutex<()>,
}

/// Two cache lines, because processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct OwnLines<T>(T);

impl<T: Default> PerThread<T> {
    pub(super) fn new() -> Self {
        Self {
            owned: (0..*slot::CAPACITY).map(|_| OnceLock::new()).collect(),
            shared: OnceLock::new(),
            sharing: Mutex::new(()),
        }
    }

    /// This thread's value, if it has one by now. No other thread writes to it.
    #[inline]
    pub(super) fn own(&self) -> Option<&T> {
        self.owned.get(slot::current())?.get().map(|value| &value.0)
    }

    /// Lets this thread write to its value, whether it has one by now or not. No other thread writes to the same meanwhile.
    #[inline]
    pub(super) fn write(&self, write: impl FnOnce(&T)) {
        match self.own() {
            Some(own) => write(own),
            None => self.write_first(write),
        }
    }

    #[cold]
    fn write_first(&self, write: impl FnOnce(&T)) {
        if let Some(slot) = slot::ask() {
            write(&self.owned[slot].get_or_init(Box::default).0);
        } else {
            let _alone = self.sharing.lock().unwrap_or_else(PoisonError::into_inner);
            write(&self.shared.get_or_init(Box::default).0);
        }
    }

    /// The values that were ever written to.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        let all = self.owned.iter().chain([&self.shared]);
        all.filter_map(OnceLock::get).map(|value| &value.0)
    }
}
