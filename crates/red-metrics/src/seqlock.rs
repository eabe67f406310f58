//! A row of numbers that one thread changes, and that others read as a whole.
//!
//! The writer never waits and takes no bus lock: it is the only one, so that an addition is a load and a store. A version
//! beside the numbers is odd while they change; a reader that meets an odd one, or another one after than before, reads
//! again. Hans Boehm, "Can Seqlocks Get Along With Programming Language Memory Models?" (2012), derives the fences.

use super::sync::{AtomicU64, Ordering, fence, yield_now};

/// The numbers, of which those that belong together change together.
///
/// In this order in memory, so that the version is in the same cache line as the first numbers.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Seqlock<const N: usize> {
    version: AtomicU64,
    numbers: [AtomicU64; N],
}

impl<const N: usize> Default for Seqlock<N> {
    /// All at 0.
    fn default() -> Self {
        Self {
            version: AtomicU64::new(0),
            numbers: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }
}

impl<const N: usize> Seqlock<N> {
    /// Changes some of the numbers in what readers see as one step.
    ///
    /// Only one thread may do this at a time; the caller sees to it. With two, additions would be lost.
    #[inline]
    pub(super) fn change(&self, change: impl FnOnce(&Changing<'_, N>)) {
        let version = self.version.load(Ordering::Relaxed);
        self.version.store(version.wrapping_add(1), Ordering::Relaxed);
        // No change below may be seen before the odd version.
        fence(Ordering::Release);
        change(&Changing(&self.numbers));
        self.version.store(version.wrapping_add(2), Ordering::Release);
    }

    /// The numbers as they stood after some change. Waits while a change goes on.
    pub(super) fn read(&self) -> [u64; N] {
        loop {
            let before = self.version.load(Ordering::Acquire);
            if before.is_multiple_of(2) {
                let numbers = std::array::from_fn(|at| self.numbers[at].load(Ordering::Relaxed));
                // The version below may not be read before the numbers above.
                fence(Ordering::Acquire);
                if self.version.load(Ordering::Relaxed) == before {
                    return numbers;
                }
            }
            yield_now();
        }
    }
}

/// The numbers while they change.
pub(super) struct Changing<'a, const N: usize>(&'a [AtomicU64; N]);

impl<const N: usize> Changing<'_, N> {
    #[inline]
    pub(super) fn add(&self, at: usize, amount: u64) {
        let number = self.0[at].load(Ordering::Relaxed);
        self.0[at].store(number.wrapping_add(amount), Ordering::Relaxed);
    }

    /// Adds to a number that is the bits of an `f64`, of which 0 is 0.0.
    #[inline]
    pub(super) fn add_f64(&self, at: usize, amount: f64) {
        let sum = f64::from_bits(self.0[at].load(Ordering::Relaxed)) + amount;
        self.0[at].store(sum.to_bits(), Ordering::Relaxed);
    }
}
