//! What one thread records, for all series, so that no two processors fight over one cache line.
//!
//! A thread gets a free row when it first asks, and gives it back when it ends. However many threads come and go, there are
//! as many rows as run at a time. What a row holds stays: the thread that has it next adds to the same numbers.

use std::{
    cell::Cell,
    sync::{LazyLock, Mutex, PoisonError, atomic::AtomicU64},
    thread::available_parallelism,
};

use super::{column::Column, tally::Numbers};

/// Values that have one writer at a time, and any number of readers.
#[derive(Debug)]
pub(super) struct Row {
    /// How many requests have arrived, by route and method.
    pub(super) started: Column<AtomicU64>,
    /// Those that have ended, by route, method and outcome.
    pub(super) ended: Column<Numbers>,
}

/// How many threads can have a row at a time: four for each processor. A service's requests run on as many threads as
/// there are processors; the others are threads that end a request now and then, such as those of blocking work.
static CAPACITY: LazyLock<usize> = LazyLock::new(|| 4 * available_parallelism().map_or(1, usize::from));

/// One for each thread that can have one, and a last one for all others.
static ROWS: LazyLock<Box<[Row]>> = LazyLock::new(|| (0..=*CAPACITY).map(|_| Row::new()).collect());

static FREE: LazyLock<Mutex<Vec<&'static Row>>> = LazyLock::new(|| {
    let mut rows: Vec<_> = ROWS[..*CAPACITY].iter().collect();
    // They are handed out from the end.
    rows.reverse();
    Mutex::new(rows)
});

/// Held by a thread that has no row of its own while it writes to the last one.
static SHARING: Mutex<()> = Mutex::new(());

thread_local! {
    /// Apart from what gives the row back: a reference that needs nothing done at the thread's end is read in one step.
    static CURRENT: Cell<Option<&'static Row>> = const { Cell::new(None) };
    static OWNED: Owned = Owned::take();
}

impl Row {
    const fn new() -> Self {
        Self {
            started: Column::new(),
            ended: Column::new(),
        }
    }

    /// This thread's row, if it has asked for one before. No other thread writes to it.
    #[inline]
    pub(super) fn own() -> Option<&'static Self> {
        CURRENT.get()
    }

    /// Lets this thread write to its row, or to the one for all that have none. No other thread writes to the same meanwhile.
    pub(super) fn write(write: impl FnOnce(&Self)) {
        if let Some(own) = Self::own().or_else(ask) {
            write(own);
        } else {
            let _alone = SHARING.lock().unwrap_or_else(PoisonError::into_inner);
            write(&ROWS[*CAPACITY]);
        }
    }

    /// All rows.
    pub(super) fn all() -> &'static [Self] {
        &ROWS
    }
}

/// Asks for a row. `None` where all are taken, and in a thread that is about to end.
fn ask() -> Option<&'static Row> {
    let row = OWNED.try_with(|owned| owned.0).ok().flatten();
    CURRENT.set(row);
    row
}

/// Gives the row back when the thread ends.
struct Owned(Option<&'static Row>);

impl Owned {
    fn take() -> Self {
        Self(FREE.lock().unwrap_or_else(PoisonError::into_inner).pop())
    }
}

impl Drop for Owned {
    // The lock also hands on what the thread has written to the thread that takes the row next.
    fn drop(&mut self) {
        CURRENT.set(None);
        if let Some(row) = self.0 {
            FREE.lock().unwrap_or_else(PoisonError::into_inner).push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashSet,
        ptr,
        sync::{Barrier, mpsc},
        thread,
    };

    use super::*;

    #[test]
    fn threads_that_run_at_a_time_have_rows_of_their_own_and_the_rest_none() {
        let threads = *CAPACITY + 3;
        let barrier = Barrier::new(threads);
        let rows: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let row = ask();
                        barrier.wait();
                        row
                    })
                })
                .collect();
            running
                .into_iter()
                .filter_map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let distinct: HashSet<_> = rows.iter().map(|row| ptr::from_ref(*row)).collect();
        assert_eq!(distinct.len(), rows.len(), "no row twice");
        assert!(rows.len() <= *CAPACITY);
        assert!(
            !distinct.contains(&ptr::from_ref(&ROWS[*CAPACITY])),
            "nor the one for all others"
        );
    }

    #[test]
    fn a_thread_that_ends_gives_its_row_back() {
        for _ in 0..10 * *CAPACITY {
            thread::spawn(ask).join().expect("no panic");
        }
        // Other tests of this process may hold some, never all for long.
        let found = (0..1_000).any(|_| {
            let rows = thread::spawn(|| (Row::own(), ask(), Row::own()))
                .join()
                .expect("no panic");
            matches!(rows, (None, Some(asked), Some(own)) if ptr::eq(asked, own))
        });
        assert!(found);
    }

    #[test]
    fn a_thread_that_has_given_its_row_back_has_none() {
        /// Looks when it is dropped. What a thread used first it drops last.
        struct Looks(mpsc::Sender<(bool, bool)>);
        impl Drop for Looks {
            fn drop(&mut self) {
                let looks = (Row::own().is_some(), ask().is_some());
                self.0.send(looks).expect("the test waits");
            }
        }
        thread_local! {
            static LOOKS: Cell<Option<Looks>> = const { Cell::new(None) };
        }
        let (sender, receiver) = mpsc::channel();
        let thread = thread::spawn(|| {
            LOOKS.set(Some(Looks(sender)));
            ask();
        });
        thread.join().expect("no panic");
        assert_eq!(receiver.recv().expect("the thread has ended"), (false, false));
    }
}
