//! Finds the bucket of a value, among bounds that are whole numbers.

/// The bounds of a histogram's buckets, and where to begin to look for the one of a value.
///
/// Of the bounds of common histograms no more than one or two lie between a power of two and the next. So the place of
/// a value's highest bit leaves one or two bounds to compare with, however many there are.
#[derive(Debug)]
pub(super) struct Bucketing<const N: usize> {
    bounds: [u64; N],
    /// By the place of a value's highest bit, 0 also for the value 0: how many bounds are below all such values.
    below: [u8; u64::BITS as usize],
}

impl<const N: usize> Bucketing<N> {
    /// For these bounds in rising order, each multiplied by `units` and rounded to a whole number.
    ///
    /// # Panics
    ///
    /// Panics if there are more bounds than 255.
    pub(super) const fn new(bounds: &[f64], units: f64) -> Self {
        assert!(N == bounds.len() && N <= u8::MAX as usize);
        let mut whole = [0; N];
        let mut at = 0;
        while at < N {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a bound is positive, and small"
            )]
            let bound = (bounds[at] * units).round() as u64;
            whole[at] = bound;
            at += 1;
        }
        Self {
            bounds: whole,
            below: below(&whole),
        }
    }

    /// The bucket of a value: the first whose bound it does not exceed, or `N` where it exceeds all.
    #[inline]
    pub(super) fn bucket(&self, value: u64) -> usize {
        let highest = (value | 1).ilog2();
        let mut bucket = usize::from(self.below[highest as usize]);
        while bucket < N && value > self.bounds[bucket] {
            bucket += 1;
        }
        bucket
    }
}

const fn below(bounds: &[u64]) -> [u8; u64::BITS as usize] {
    let mut below = [0; u64::BITS as usize];
    let mut highest = 1;
    while highest < below.len() {
        below[highest] = below[highest - 1];
        while (below[highest] as usize) < bounds.len() && bounds[below[highest] as usize] < 1 << highest {
            below[highest] += 1;
        }
        highest += 1;
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: [f64; 6] = [0.0, 0.5, 0.6, 1.0, 4.0, 1_000.0];
    const BUCKETING: Bucketing<6> = Bucketing::new(&BOUNDS, 10.0);

    /// As it is defined.
    fn bucket(value: u64) -> usize {
        BOUNDS.iter().filter(|bound| value as f64 > **bound * 10.0).count()
    }

    #[test]
    fn each_value_is_in_the_first_bucket_whose_bound_it_does_not_exceed() {
        for value in 0..11_000 {
            assert_eq!(BUCKETING.bucket(value), bucket(value), "{value}");
        }
        for bits in 0..u64::BITS {
            for value in [1 << bits, (1 << bits) - 1, u64::MAX >> bits] {
                assert_eq!(BUCKETING.bucket(value), bucket(value), "{value}");
            }
        }
    }

    #[test]
    fn a_bound_that_no_binary_fraction_meets_is_the_whole_number_that_it_stands_for() {
        let bucketing = Bucketing::<2>::new(&[0.0025, 0.1], 1e9);
        assert_eq!(bucketing.bounds, [2_500_000, 100_000_000]);
    }
}
