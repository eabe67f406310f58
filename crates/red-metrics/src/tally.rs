//! What is kept of the requests of one series: how many, how long they took, and how large their responses were.

use std::array;

use prometheus::proto::{Bucket, Histogram};

use super::{
    DURATION_BUCKETS, SIZE_BUCKETS,
    bucketing::Bucketing,
    column::{Place, Places},
    row::Row,
    seqlock::Seqlock,
};

// The numbers of a tally: both sums, then a bucket of durations and one of sizes in turns. So what a quick request with a
// short response changes lies in one cache line, together with the version.
const DURATION_SUM: usize = 0;
const SIZE_SUM: usize = 1;
const NUMBERS: usize = duration(DURATION_BUCKETS.len()) + 1;

/// The number of a bucket of durations, of which there is one above the last bound.
const fn duration(bucket: usize) -> usize {
    2 + 2 * bucket
}

/// The number of a bucket of sizes, of which there is one above the last bound.
const fn size(bucket: usize) -> usize {
    3 + 2 * bucket
}

const _: () = assert!(size(SIZE_BUCKETS.len()) < NUMBERS);

const NANOSECONDS: f64 = 1e9;

static DURATIONS: Bucketing<{ DURATION_BUCKETS.len() }> = Bucketing::new(DURATION_BUCKETS, NANOSECONDS);
static BODY_SIZES: Bucketing<{ SIZE_BUCKETS.len() }> = Bucketing::new(SIZE_BUCKETS, 1.0);

/// What one thread has recorded for a tally.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Numbers(Seqlock<NUMBERS>);

static PLACES: Places = Places::new();

/// The requests that were recorded, kept apart for each thread.
#[derive(Debug)]
pub(super) struct Tally(Place);

impl Tally {
    pub(super) fn new() -> Self {
        Self(PLACES.next())
    }

    /// Records a request, if this thread has recorded one here before. Returns whether it has.
    #[inline]
    pub(super) fn record_again(&self, nanoseconds: u64, body_bytes: u64) -> bool {
        let own = Row::own().and_then(|row| row.ended.get(self.0));
        own.inspect(|numbers| numbers.add(nanoseconds, body_bytes)).is_some()
    }

    /// Records a request.
    pub(super) fn record(&self, nanoseconds: u64, body_bytes: u64) {
        Row::write(|row| row.ended.get_or_make(self.0).add(nanoseconds, body_bytes));
    }

    /// What all threads have recorded. No request is half in it: the histograms and the count agree.
    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for numbers in Row::all().iter().filter_map(|row| row.ended.get(self.0)) {
            totals.add(&numbers.0.read());
        }
        totals
    }
}

impl Numbers {
    #[inline]
    fn add(&self, nanoseconds: u64, body_bytes: u64) {
        let duration = duration(DURATIONS.bucket(nanoseconds));
        let size = size(BODY_SIZES.bucket(body_bytes));
        self.0.change(|numbers| {
            numbers.add(duration, 1);
            // Whole nanoseconds of all requests together would not fit for long into 64 bits where many wait.
            numbers.add_f64(DURATION_SUM, nanoseconds.cast_signed() as f64);
            numbers.add(size, 1);
            numbers.add(SIZE_SUM, body_bytes);
        });
    }
}

/// The sum of tallies.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    durations: [u64; DURATION_BUCKETS.len() + 1],
    nanoseconds: f64,
    sizes: [u64; SIZE_BUCKETS.len() + 1],
    bytes: u64,
}

impl Totals {
    fn add(&mut self, numbers: &[u64; NUMBERS]) {
        self.merge(&Self {
            durations: array::from_fn(|bucket| numbers[duration(bucket)]),
            nanoseconds: f64::from_bits(numbers[DURATION_SUM]),
            sizes: array::from_fn(|bucket| numbers[size(bucket)]),
            bytes: numbers[SIZE_SUM],
        });
    }

    /// Adds what other series have recorded.
    pub(super) fn merge(&mut self, other: &Self) {
        self.durations = array::from_fn(|bucket| self.durations[bucket].wrapping_add(other.durations[bucket]));
        self.nanoseconds += other.nanoseconds;
        self.sizes = array::from_fn(|bucket| self.sizes[bucket].wrapping_add(other.sizes[bucket]));
        self.bytes = self.bytes.wrapping_add(other.bytes);
    }

    /// How many requests were recorded.
    pub(super) fn requests(&self) -> u64 {
        self.durations.iter().sum()
    }

    /// Their durations, in seconds.
    pub(super) fn durations(&self) -> Histogram {
        histogram(DURATION_BUCKETS, &self.durations, self.nanoseconds / NANOSECONDS)
    }

    /// The sizes of their responses' bodies, in bytes.
    pub(super) fn sizes(&self) -> Histogram {
        histogram(SIZE_BUCKETS, &self.sizes, self.bytes as f64)
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
