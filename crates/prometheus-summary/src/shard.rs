//! A summary's state, in several pieces, so that threads seldom wait for each other.

use std::{
    fmt,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use sketches_ddsketch::DDSketch;

use crate::window::{self, Window};

/// Threads that share a shard can meet at its lock; there are as many shards as a middling machine has cores.
const SHARDS: usize = 8;

/// The shards of one summary.
#[derive(Debug)]
pub(crate) struct Shards([Shard; SHARDS]);

/// On a cache line of its own, or two cores would pass it to and fro although each has its own lock.
#[repr(align(64))]
struct Shard(Mutex<State>);

struct State {
    window: Window,
    sum: f64,
    count: u64,
}

/// All shards' observations, put together.
pub(crate) struct Reading {
    window: DDSketch,
    sum: f64,
    count: u64,
}

impl Shards {
    /// Shards whose windows have this many slices.
    pub(crate) fn new(slices: usize) -> Self {
        Self(std::array::from_fn(|_| {
            Shard(Mutex::new(State {
                window: Window::new(slices),
                sum: 0.0,
                count: 0,
            }))
        }))
    }

    /// Records a value in the slice of this number.
    pub(crate) fn observe(&self, value: f64, slice: u64) {
        let mut state = self.0[shard_of_this_thread()].lock();
        state.sum += value;
        state.count += 1;
        state.window.add(value, slice);
    }

    /// Puts the shards together, as the window is at the slice of this number.
    pub(crate) fn read(&self, slice: u64) -> Reading {
        let mut reading = Reading {
            window: window::sketch(),
            sum: 0.0,
            count: 0,
        };
        for shard in &self.0 {
            let state = shard.lock();
            reading.sum += state.sum;
            reading.count += state.count;
            state.window.add_to(&mut reading.window, slice);
        }
        reading
    }
}

impl Shard {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shard").finish_non_exhaustive()
    }
}

impl Reading {
    /// The quantile of what is in the window, NaN where there is nothing.
    pub(crate) fn quantile(&self, quantile: f64) -> f64 {
        let value = self.window.quantile(quantile).expect("a quantile from 0 to 1");
        value.unwrap_or(f64::NAN)
    }

    /// The sum of all values ever observed.
    pub(crate) const fn sum(&self) -> f64 {
        self.sum
    }

    /// How many values were ever observed.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }
}

/// Threads take the shards in turn, each for its life.
fn shard_of_this_thread() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static SHARD: usize = THREADS.fetch_add(1, Ordering::Relaxed) % SHARDS;
    }
    SHARD.with(|shard| *shard)
}
