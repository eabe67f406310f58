//! A small number for each thread, which no other running thread has.
//!
//! A thread gets the lowest free one when it first asks, and gives it back when it ends. However many threads come and
//! go, what is kept for each number is so kept for as many as run at a time.

use std::{
    cell::Cell,
    cmp::Reverse,
    collections::BinaryHeap,
    sync::{LazyLock, Mutex, PoisonError},
    thread::available_parallelism,
};

/// How many threads can have a slot at a time: four for each processor. A service's requests run on as many threads as
/// there are processors; the others are threads that end a request now and then, such as those of blocking work.
pub(super) static CAPACITY: LazyLock<usize> = LazyLock::new(|| 4 * available_parallelism().map_or(1, usize::from));

static FREE: LazyLock<Mutex<BinaryHeap<Reverse<usize>>>> =
    LazyLock::new(|| Mutex::new((0..*CAPACITY).map(Reverse).collect()));

/// In the place of a slot: there is none for this thread, as far as is known.
const NONE: usize = usize::MAX;

thread_local! {
    /// Apart from what gives the slot back: a number that needs nothing done at the thread's end is read in one step.
    static CURRENT: Cell<usize> = const { Cell::new(NONE) };
    static OWNED: Owned = Owned::take();
}

/// This thread's slot, below [`CAPACITY`], if it has asked for one. Another number if not.
#[inline]
pub(super) fn current() -> usize {
    CURRENT.get()
}

/// Asks for a slot. `None` where all are taken, and in a thread that is about to end.
pub(super) fn ask() -> Option<usize> {
    let slot = OWNED.try_with(|owned| owned.0).ok().flatten();
    CURRENT.set(slot.unwrap_or(NONE));
    slot
}

/// Gives the slot back when the thread ends.
struct Owned(Option<usize>);

impl Owned {
    fn take() -> Self {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        Self(free.pop().map(|Reverse(slot)| slot))
    }
}

impl Drop for Owned {
    // The lock also hands on what the thread has written to the thread that takes the slot next.
    fn drop(&mut self) {
        CURRENT.set(NONE);
        if let Some(slot) = self.0 {
            FREE.lock().unwrap_or_else(PoisonError::into_inner).push(Reverse(slot));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Barrier, mpsc},
        thread,
    };

    use super::*;

    #[test]
    fn threads_that_run_at_a_time_have_slots_of_their_own_and_the_rest_none() {
        let threads = *CAPACITY + 3;
        let barrier = Barrier::new(threads);
        let mut slots: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let slot = ask();
                        barrier.wait();
                        slot
                    })
                })
                .collect();
            running
                .into_iter()
                .filter_map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let taken = slots.len();
        slots.sort_unstable();
        slots.dedup();
        assert_eq!(slots.len(), taken, "no slot twice");
        assert!(taken <= *CAPACITY);
        assert!(slots.iter().all(|slot| slot < &*CAPACITY));
    }

    #[test]
    fn a_thread_that_ends_gives_its_slot_back() {
        for _ in 0..10 * *CAPACITY {
            thread::spawn(ask).join().expect("no panic");
        }
        // Other tests of this process may hold some, never all for long.
        let found = (0..1_000).any(|_| {
            let slots = thread::spawn(|| (current(), ask(), current()))
                .join()
                .expect("no panic");
            matches!(slots, (NONE, Some(asked), now) if asked == now)
        });
        assert!(found);
    }

    #[test]
    fn a_thread_that_has_given_its_slot_back_has_none() {
        /// Looks when it is dropped. What a thread used first it drops last.
        struct Looks(mpsc::Sender<(usize, Option<usize>)>);
        impl Drop for Looks {
            fn drop(&mut self) {
                self.0.send((current(), ask())).expect("the test waits");
            }
        }
        thread_local! {
            static LOOKS: Cell<Option<Looks>> = const { Cell::new(None) };
        }
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(|| {
            LOOKS.set(Some(Looks(sender)));
            ask()
        });
        thread.join().expect("no panic");
        assert_eq!(receiver.recv().expect("the thread has ended"), (NONE, None));
    }
}
