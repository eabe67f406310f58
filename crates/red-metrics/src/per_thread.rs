//! A value for each thread, so that threads do not contend for one.

use std::sync::{Mutex, PoisonError};

use thread_local::ThreadLocal;

/// A copy of a value for each thread. A copy outlives its thread: the thread that gets the same slot next goes on with it.
///
/// Each copy has a lock, which only a reader that passes by makes another thread wait for.
#[derive(Debug)]
pub(crate) struct PerThread<T: Send> {
    initial: T,
    slots: ThreadLocal<Mutex<T>>,
    /// For threads that are being torn down.
    shared: Mutex<T>,
}

/// Touched so that its thread has a slot; see [`SlotGuard`].
static SLOT: ThreadLocal<()> = ThreadLocal::new();

/// A sign that a thread still has its slot.
///
/// `ThreadLocal` panics in a thread whose slot is already released, for example when a thread-local runtime drops its
/// tasks at the thread's end. Thread-local values are dropped in the reverse order of their creation: this one is created
/// after the thread has its slot, so it is gone by the time that the slot is.
struct SlotGuard;

impl Drop for SlotGuard {
    fn drop(&mut self) {}
}

thread_local! {
    static SLOT_GUARD: SlotGuard = {
        SLOT.get_or(|| ());
        SlotGuard
    };
}

impl<T: Clone + Send> PerThread<T> {
    pub(crate) fn new(initial: T) -> Self {
        Self {
            slots: ThreadLocal::new(),
            shared: Mutex::new(initial.clone()),
            initial,
        }
    }

    /// Changes this thread's copy.
    pub(crate) fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let slot = match SLOT_GUARD.try_with(|_| ()) {
            Ok(()) => self.slots.get_or(|| Mutex::new(self.initial.clone())),
            Err(_) => &self.shared,
        };
        change(&mut slot.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads all copies, one after the other.
    pub(crate) fn for_each(&self, mut read: impl FnMut(&T))
    where
        T: Sync,
    {
        for slot in self.slots.iter().chain([&self.shared]) {
            read(&slot.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        sync::{Arc, Barrier},
        thread,
    };

    use super::*;

    fn copies(of: &PerThread<u32>) -> Vec<u32> {
        let mut copies = Vec::new();
        of.for_each(|copy| copies.push(*copy));
        copies.sort_unstable();
        copies
    }

    #[test]
    fn threads_that_run_at_the_same_time_have_copies_of_their_own() {
        let value = PerThread::new(0);
        let barrier = Barrier::new(3);
        thread::scope(|scope| {
            for number in 1..=3 {
                let (value, barrier) = (&value, &barrier);
                scope.spawn(move || {
                    value.with(|copy| *copy = number);
                    barrier.wait();
                });
            }
        });
        // And one for threads that are being torn down.
        assert_eq!(copies(&value), [0, 1, 2, 3]);
    }

    #[test]
    fn what_an_ended_thread_has_recorded_stays() {
        let value = PerThread::new(0);
        for _ in 0..100 {
            thread::scope(|scope| {
                scope.spawn(|| value.with(|copy| *copy += 1));
            });
        }
        assert_eq!(copies(&value).iter().sum::<u32>(), 100);
    }

    #[test]
    fn a_thread_that_is_being_torn_down_can_still_record() {
        /// Records when it is dropped.
        struct Late(Arc<PerThread<u32>>);
        impl Drop for Late {
            fn drop(&mut self) {
                self.0.with(|copy| *copy += 1);
            }
        }
        thread_local! {
            static LATE: RefCell<Option<Late>> = const { RefCell::new(None) };
        }
        let value = Arc::new(PerThread::new(0));
        let recorder = Arc::clone(&value);
        let thread = thread::spawn(move || {
            // What a thread creates first it drops last: after the slot.
            LATE.with_borrow_mut(|late| *late = Some(Late(Arc::clone(&recorder))));
            recorder.with(|copy| *copy += 10);
        });
        thread.join().expect("no panic");
        assert_eq!(copies(&value), [1, 10]);
    }
}
