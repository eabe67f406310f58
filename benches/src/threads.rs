//! Threads that do the same at a time.

use std::{sync::Barrier, thread, time::Duration};

/// Runs the same work on a number of threads at once. Returns the mean of the times that `work` reports.
pub fn at_once(threads: u32, work: impl Fn() -> Duration + Sync) -> Duration {
    let barrier = Barrier::new(threads as usize);
    let spent: Duration = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    work()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    });
    spent / threads
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn mean_is_of_all_threads() {
        let times = Mutex::new(vec![Duration::from_secs(1), Duration::from_secs(3)]);
        let mean = at_once(2, || {
            times.lock().expect("no panic").pop().expect("one for each thread")
        });
        assert_eq!(mean, Duration::from_secs(2));
    }
}
