//! Values of one kind, a value for each series, in the memory of one thread.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

/// The values of the first chunk; each further one holds twice as many as the one before.
const FIRST: u32 = 16;

/// Enough for four billion values.
const CHUNKS: usize = 28;

/// Where the value of a series is found in every column of its kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    chunk: u32,
    at: u32,
}

/// Gives each series of a kind a place of its own. They come one after the other: what is used lies close together.
#[derive(Debug)]
pub(super) struct Places(AtomicU32);

impl Places {
    pub(super) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// A place that nobody else has.
    ///
    /// # Panics
    ///
    /// Panics after four billion series.
    pub(super) fn next(&self) -> Place {
        let taken = self.0.fetch_add(1, Ordering::Relaxed);
        let number = taken.checked_add(FIRST).expect("there is memory for fewer series");
        let chunk = number.ilog2() - FIRST.ilog2();
        Place {
            chunk,
            at: number - (FIRST << chunk),
        }
    }
}

/// The values, which are made a chunk at a time, when the first of a chunk is needed. They never move.
#[derive(Debug)]
pub(super) struct Column<T> {
    chunks: [OnceLock<Box<[T]>>; CHUNKS],
}

impl<T: Default> Column<T> {
    pub(super) const fn new() -> Self {
        Self {
            chunks: [const { OnceLock::new() }; CHUNKS],
        }
    }

    /// The value at a place, if it was made by now.
    #[inline]
    pub(super) fn get(&self, place: Place) -> Option<&T> {
        self.chunks.get(place.chunk as usize)?.get()?.get(place.at as usize)
    }

    /// The value at a place.
    pub(super) fn get_or_make(&self, place: Place) -> &T {
        let chunk =
            self.chunks[place.chunk as usize].get_or_init(|| (0..FIRST << place.chunk).map(|_| T::default()).collect());
        &chunk[place.at as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_place_is_another_value_which_stays_where_it_is() {
        let (places, column) = (Places::new(), Column::<AtomicU32>::new());
        let places: Vec<_> = (0..1_000).map(|_| places.next()).collect();
        assert!(column.get(places[0]).is_none());
        for (number, place) in (0..).zip(&places) {
            column.get_or_make(*place).store(number, Ordering::Relaxed);
        }
        let found: Vec<_> = places.iter().filter_map(|place| column.get(*place)).collect();
        let numbers = found.iter().map(|value| value.load(Ordering::Relaxed));
        assert!(numbers.eq(0..1_000));
        let addresses: HashSet<_> = found.iter().map(|value| std::ptr::from_ref(*value)).collect();
        assert_eq!(addresses.len(), 1_000);
    }

    #[test]
    fn a_place_costs_the_memory_of_its_chunk_only() {
        let (places, column) = (Places::new(), Column::<AtomicU32>::new());
        let places: Vec<_> = (0..100).map(|_| places.next()).collect();
        column.get_or_make(places[99]);
        let made = places.iter().filter(|place| column.get(**place).is_some());
        assert_eq!(made.count(), 100 - 48, "those from 48 on are in the chunk of 64");
    }
}
