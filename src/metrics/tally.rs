//! What is kept of the requests of one series: how many, how long they took, and how large their responses were.

use std::{array, time::Duration};

use prometheus::proto::{Bucket, Histogram};

use super::{DURATION_BUCKETS, SIZE_BUCKETS, per_thread::PerThread, seqlock::Seqlock};

// The numbers of a tally: a bucket for each bound and one above the last, then the sum; for durations, then for sizes.
const DURATION_SUM: usize = DURATION_BUCKETS.len() + 1;
const SIZES: usize = DURATION_SUM + 1;
const SIZE_SUM: usize = SIZES + SIZE_BUCKETS.len() + 1;
const NUMBERS: usize = SIZE_SUM + 1;

/// The requests that were recorded, kept apart for each thread.
#[derive(Debug)]
pub(super) struct Tally(PerThread<Seqlock<NUMBERS>>);

impl Tally {
    pub(super) fn new() -> Self {
        Self(PerThread::new())
    }

    /// Records a request.
    pub(super) fn record(&self, duration: Duration, body_bytes: u64) {
        let seconds = duration.as_secs_f64();
        let duration_bucket = bucket(DURATION_BUCKETS, seconds);
        let size_bucket = SIZES + bucket(SIZE_BUCKETS, body_bytes as f64);
        self.0.write(|numbers| {
            numbers.change(|numbers| {
                numbers.add(duration_bucket, 1);
                numbers.add_f64(DURATION_SUM, seconds);
                numbers.add(size_bucket, 1);
                numbers.add(SIZE_SUM, body_bytes);
            });
        });
    }

    /// What all threads have recorded. No request is half in it: the histograms and the count agree.
    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for numbers in self.0.values() {
            totals.add(numbers.read());
        }
        totals
    }
}

/// The bucket of a value: the first whose bound it does not exceed.
fn bucket(bounds: &[f64], value: f64) -> usize {
    // Comparing with all of them takes no branch that a processor could guess wrong.
    bounds.iter().filter(|bound| value > **bound).count()
}

/// The sum of tallies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    counts: [u64; NUMBERS],
    seconds: f64,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            counts: [0; NUMBERS],
            seconds: 0.0,
        }
    }
}

impl Totals {
    fn add(&mut self, mut numbers: [u64; NUMBERS]) {
        self.seconds += f64::from_bits(std::mem::take(&mut numbers[DURATION_SUM]));
        self.counts = array::from_fn(|at| self.counts[at].wrapping_add(numbers[at]));
    }

    /// Adds what other series have recorded.
    pub(super) fn merge(&mut self, other: &Self) {
        self.seconds += other.seconds;
        self.counts = array::from_fn(|at| self.counts[at].wrapping_add(other.counts[at]));
    }

    /// How many requests were recorded.
    pub(super) fn requests(&self) -> u64 {
        self.counts[..DURATION_SUM].iter().sum()
    }

    /// Their durations, in seconds.
    pub(super) fn durations(&self) -> Histogram {
        histogram(DURATION_BUCKETS, &self.counts[..DURATION_SUM], self.seconds)
    }

    /// The sizes of their responses' bodies, in bytes.
    pub(super) fn sizes(&self) -> Histogram {
        histogram(
            SIZE_BUCKETS,
            &self.counts[SIZES..SIZE_SUM],
            self.counts[SIZE_SUM] as f64,
        )
    }
}

/// The histogram as it is exposed: each bucket also counts those below it. The last count is of what is above all bounds.
fn histogram(bounds: &[f64], counts: &[u64], sum: f64) -> Histogram {
    let mut cumulative = 0;
    let buckets = bounds.iter().zip(counts).map(|(bound, count)| {
        cumulative += count;
        let mut bucket = Bucket::default();
        bucket.set_upper_bound(*bound);
        bucket.set_cumulative_count(cumulative);
        bucket
    });
    let mut histogram = Histogram::default();
    histogram.set_bucket(buckets.collect());
    histogram.set_sample_count(counts.iter().sum());
    histogram.set_sample_sum(sum);
    histogram
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_a_bound_is_in_its_bucket_and_one_above_all_in_the_last() {
        for (position, bound) in DURATION_BUCKETS.iter().enumerate() {
            assert_eq!(bucket(DURATION_BUCKETS, *bound), position);
            assert_eq!(bucket(DURATION_BUCKETS, bound * 1.001), position + 1);
        }
        assert_eq!(bucket(SIZE_BUCKETS, 0.0), 0);
    }

    #[test]
    fn a_record_is_in_the_count_and_in_both_histograms() {
        let tally = Tally::new();
        tally.record(Duration::from_millis(30), 100);
        tally.record(Duration::from_mins(1), 5_000_000);
        let totals = tally.totals();
        assert_eq!(totals.requests(), 2);

        let durations = totals.durations();
        assert_eq!((durations.get_sample_count(), durations.get_sample_sum()), (2, 60.03));
        let below = |seconds: f64| {
            let buckets = durations.get_bucket().iter();
            buckets
                .filter(|bucket| bucket.upper_bound() == seconds)
                .map(Bucket::cumulative_count)
                .sum::<u64>()
        };
        assert_eq!((below(0.025), below(0.05), below(5.0)), (0, 1, 1));

        let sizes = totals.sizes();
        assert_eq!((sizes.get_sample_count(), sizes.get_sample_sum()), (2, 5_000_100.0));
        assert_eq!(sizes.get_bucket()[1].cumulative_count(), 1, "100 bytes are within 256");
    }
}
