//! The lock-free core of the metrics layer, in every order in which its threads' steps can happen and be seen.
//!
//! It is the same source file as in the library, over loom's atomics.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use loom::{model::Builder, sync::Arc, thread};

mod sync {
    pub use loom::{
        sync::atomic::{AtomicU64, Ordering, fence},
        thread::yield_now,
    };
}

#[path = "../crates/red-metrics/src/seqlock.rs"]
mod seqlock;

use seqlock::Seqlock;

/// Two numbers that always change together.
type Pair = Seqlock<2>;

/// Adds to the first as a whole number, to the second as a float: 1 and 1.0.
fn add_one(pair: &Pair) {
    pair.change(|numbers| {
        numbers.add(0, 1);
        numbers.add_f64(1, 1.0);
    });
}

/// How often was added, of a reading that must be whole.
fn whole(numbers: [u64; 2]) -> u64 {
    assert_eq!(numbers[0] as f64, f64::from_bits(numbers[1]), "a half change was read");
    numbers[0]
}

/// Checks two threads in every order with up to two forced switches between them, which is what bugs of this kind need.
///
/// Returns in how many orders, so that a test can tell that there were some to try. Both are threads of the model's own:
/// loom does not try all orders of what its first thread does.
fn in_every_order(one: fn(&Pair), other: fn(&Pair)) -> usize {
    let orders = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&orders);
    let mut builder = Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(move || {
        counted.fetch_add(1, Relaxed);
        let pair = Arc::new(Pair::default());
        let threads = [one, other].map(|run| {
            let pair = Arc::clone(&pair);
            thread::spawn(move || run(&pair))
        });
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert_eq!(whole(pair.read()), 2, "nothing is lost");
    });
    orders.load(Relaxed)
}

#[test]
fn a_reader_sees_whole_changes_only_and_never_goes_back() {
    let orders = in_every_order(
        |pair| {
            add_one(pair);
            add_one(pair);
        },
        |pair| {
            let first = whole(pair.read());
            assert!(first <= whole(pair.read()));
        },
    );
    assert!(orders > 1_000, "{orders} orders");
}
