//! What was observed in the last while, in slices of time.

use sketches_ddsketch::{Config, DDSketch};

/// The most that a quantile can be off, relative to its value.
const RELATIVE_ERROR: f64 = 0.01;

/// The most buckets of a sketch: at this error, 17 orders of magnitude.
const MOST_BUCKETS: u32 = 2048;

/// What is closer to 0 counts as 0. A thousandth of a microsecond, where the observations are seconds.
const SMALLEST: f64 = 1e-9;

/// An empty sketch. It takes memory with its first observation.
pub(crate) fn sketch() -> DDSketch {
    DDSketch::new(Config::new(RELATIVE_ERROR, MOST_BUCKETS, SMALLEST))
}

/// A ring of slices, each of which holds what was observed in its time.
pub(crate) struct Window {
    slices: Box<[Slice]>,
}

struct Slice {
    number: u64,
    sketch: DDSketch,
}

impl Window {
    /// A window of this many slices.
    pub(crate) fn new(slices: usize) -> Self {
        let slice = |number| Slice {
            number,
            sketch: sketch(),
        };
        Self {
            slices: (0..slices as u64).map(slice).collect(),
        }
    }

    /// Adds a value to the slice of this number, in the place of one that has left the window.
    pub(crate) fn add(&mut self, value: f64, number: u64) {
        let place = number % self.slices.len() as u64;
        let slice = &mut self.slices[usize::try_from(place).expect("it is below the number of slices")];
        if slice.number < number {
            *slice = Slice {
                number,
                sketch: sketch(),
            };
        }
        // Otherwise a thread was held up between its look at the clock and here, for as long as the window is.
        if slice.number == number {
            slice.sketch.add(value);
        }
    }

    /// Adds all that is in the window, whose newest slice has this number, to a sketch.
    pub(crate) fn add_to(&self, sum: &mut DDSketch, newest: u64) {
        let oldest = (newest + 1).saturating_sub(self.slices.len() as u64);
        for slice in self.slices.iter().filter(|slice| slice.number >= oldest) {
            sum.merge(&slice.sketch)
                .expect("all sketches have the same configuration");
        }
    }
}
