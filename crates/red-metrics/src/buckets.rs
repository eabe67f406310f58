//! Upper bounds of the histograms' buckets.

use prometheus::{
    Error,
    proto::{Bucket, Histogram},
};

/// Default bounds for durations, in seconds.
///
/// A quantile that is read from a histogram is only as exact as its buckets. So make each latency objective (here 0.1 s
/// and 0.5 s) one of the bounds: the share of requests within the objective is then exact.
pub const DURATION_BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Default bounds for sizes, in bytes: powers of four from 64 B to 1 MiB.
pub const SIZE_BUCKETS: &[f64] = &[64.0, 256.0, 1024.0, 4096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0];

/// The bounds of a histogram, as they are exposed and as whole numbers of the unit in which values are recorded.
#[derive(Debug)]
pub(crate) struct Buckets {
    bounds: Box<[f64]>,
    recorded: Box<[u64]>,
}

impl Buckets {
    /// Checks the bounds. `scale` is how many recorded units make up one exposed unit.
    ///
    /// # Errors
    ///
    /// Fails if there are no bounds, or if they are not finite, positive or zero, and strictly ascending.
    pub(crate) fn new(name: &str, bounds: Vec<f64>, scale: f64) -> prometheus::Result<Self> {
        let in_order = bounds.is_sorted_by(|lower, higher| lower < higher);
        if bounds.is_empty() || !in_order || bounds.iter().any(|bound| !bound.is_finite() || *bound < 0.0) {
            return Err(Error::Msg(format!(
                "{name}: found {bounds:?}, expected finite bounds of at least 0 in ascending order"
            )));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bounds are not negative; one beyond u64::MAX is never exceeded"
        )]
        let recorded = bounds.iter().map(|bound| (bound * scale).round() as u64).collect();
        Ok(Self {
            bounds: bounds.into(),
            recorded,
        })
    }

    /// The number of counts that a histogram keeps: one for each bound, and one for all that is above the last.
    pub(crate) fn counts(&self) -> usize {
        self.bounds.len() + 1
    }

    /// The index of the count for a value: that of the first bound that the value does not exceed.
    ///
    /// From the front: a dozen bounds take no longer than a binary search, and small values, of which there are most, less.
    #[inline]
    pub(crate) fn index(&self, value: u64) -> usize {
        let found = self.recorded.iter().position(|bound| value <= *bound);
        found.unwrap_or(self.recorded.len())
    }

    /// The histogram as it is exposed: each bucket also counts what the buckets below it do.
    pub(crate) fn histogram(&self, counts: &[u64], sum: f64) -> Histogram {
        let mut cumulative = 0;
        let buckets = self.bounds.iter().zip(counts).map(|(bound, count)| {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_counted_by_the_first_bound_that_it_does_not_exceed() {
        const BOUNDS: [f64; 6] = [0.0, 0.5, 0.6, 1.0, 4.0, 1_000.0];
        let buckets = Buckets::new("test", BOUNDS.to_vec(), 10.0).expect("valid bounds");
        let by_definition = |value: u64| BOUNDS.iter().filter(|bound| value as f64 > **bound * 10.0).count();
        for value in (0..11_000).chain([u64::MAX]) {
            assert_eq!(buckets.index(value), by_definition(value), "{value}");
        }
    }

    #[test]
    fn a_bound_that_no_binary_fraction_equals_is_recorded_as_the_whole_number_that_it_stands_for() {
        let buckets = Buckets::new("test", vec![0.0025, 0.1], 1e9).expect("valid bounds");
        assert_eq!(*buckets.recorded, [2_500_000, 100_000_000]);
    }

    #[test]
    fn bounds_that_make_no_histogram_are_refused_by_name() {
        for bounds in [
            vec![],
            vec![1.0, 1.0],
            vec![2.0, 1.0],
            vec![-1.0],
            vec![f64::NAN],
            vec![1.0, f64::INFINITY],
        ] {
            let error = Buckets::new("duration_buckets", bounds, 1.0).expect_err("it is refused");
            assert!(error.to_string().contains("duration_buckets: found ["), "{error}");
        }
    }
}
