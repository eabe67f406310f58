//! What is kept of the requests of one series: how many, how long they took, and how large their responses were.

use std::array;

use prometheus::proto::{Bucket, Histogram};

use super::{DURATION_BUCKETS, SIZE_BUCKETS, bucketing::Bucketing, per_thread::PerThread, seqlock::Seqlock};

// The numbers of a tally: a bucket for each bound and one above the last, then the sum; for durations, then for sizes.
const DURATION_SUM: usize = DURATION_BUCKETS.len() + 1;
const SIZES: usize = DURATION_SUM + 1;
const SIZE_SUM: usize = SIZES + SIZE_BUCKETS.len() + 1;
const NUMBERS: usize = SIZE_SUM + 1;

const NANOSECONDS: f64 = 1e9;

static DURATIONS: Bucketing<{ DURATION_BUCKETS.len() }> = Bucketing::new(DURATION_BUCKETS, NANOSECONDS);
static BODY_SIZES: Bucketing<{ SIZE_BUCKETS.len() }> = Bucketing::new(SIZE_BUCKETS, 1.0);

/// The requests that were recorded, kept apart for each thread.
#[derive(Debug)]
pub(super) struct Tally(PerThread<Seqlock<NUMBERS>>);

impl Tally {
    pub(super) fn new() -> Self {
        Self(PerThread::new())
    }

    /// Records a request, if this thread has recorded one here before. Returns whether it has.
    #[inline]
    pub(super) fn record_again(&self, nanoseconds: u64, body_bytes: u64) -> bool {
        let own = self.0.own();
        own.inspect(|numbers| add(numbers, nanoseconds, body_bytes)).is_some()
    }

    /// Records a request.
    pub(super) fn record(&self, nanoseconds: u64, body_bytes: u64) {
        self.0.write(|numbers| add(numbers, nanoseconds, body_bytes));
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

#[inline]
fn add(numbers: &Seqlock<NUMBERS>, nanoseconds: u64, body_bytes: u64) {
    let duration = DURATIONS.bucket(nanoseconds);
    let size = SIZES + BODY_SIZES.bucket(body_bytes);
    numbers.change(|numbers| {
        numbers.add(duration, 1);
        // Whole nanoseconds of all requests together would not fit for long into 64 bits where many wait.
        numbers.add_f64(DURATION_SUM, nanoseconds.cast_signed() as f64);
        numbers.add(size, 1);
        numbers.add(SIZE_SUM, body_bytes);
    });
}

/// The sum of tallies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    counts: [u64; NUMBERS],
    nanoseconds: f64,
}

impl Default for Totals {
    fn default() -> Self {
        Self {
            counts: [0; NUMBERS],
            nanoseconds: 0.0,
        }
    }
}

impl Totals {
    fn add(&mut self, mut numbers: [u64; NUMBERS]) {
        self.nanoseconds += f64::from_bits(std::mem::take(&mut numbers[DURATION_SUM]));
        self.counts = array::from_fn(|at| self.counts[at].wrapping_add(numbers[at]));
    }

    /// Adds what other series have recorded.
    pub(super) fn merge(&mut self, other: &Self) {
        self.nanoseconds += other.nanoseconds;
        self.counts = array::from_fn(|at| self.counts[at].wrapping_add(other.counts[at]));
    }

    /// How many requests were recorded.
    pub(super) fn requests(&self) -> u64 {
        self.counts[..DURATION_SUM].iter().sum()
    }

    /// Their durations, in seconds.
    pub(super) fn durations(&self) -> Histogram {
        let seconds = self.nanoseconds / NANOSECONDS;
        histogram(DURATION_BUCKETS, &self.counts[..DURATION_SUM], seconds)
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
    fn a_record_is_in_the_count_and_in_both_histograms() {
        let tally = Tally::new();
        tally.record(30_000_000, 100);
        tally.record(60_000_000_000, 5_000_000);
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
