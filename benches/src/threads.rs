//! Several threads that do the same at a time.

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

/// What one of `times` steps takes while this many threads make them, in nanoseconds. `steps` makes all of one thread's.
pub fn at_once(threads: usize, times: usize, steps: impl Fn() + Sync) -> f64 {
    let together = Barrier::new(threads);
    let spent: Duration = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    let started = Instant::now();
                    steps();
                    started.elapsed()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    });
    spent.as_secs_f64() * 1e9 / times as f64 / threads as f64
}
