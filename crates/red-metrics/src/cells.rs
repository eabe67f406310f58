//! The numbers behind the series of one route and method.

use crate::{config::Config, labels::Outcome};

/// What was recorded: by one thread, or by several when merged. The requests that it counts are in all of its numbers.
#[derive(Clone, Debug)]
pub(crate) struct SeriesCells {
    /// Nanoseconds, by outcome. A route has a handful of outcomes: a search from the front beats a map.
    durations: Vec<(Outcome, HistogramCells)>,
    /// Bytes.
    sizes: HistogramCells,
}

/// The counts of a histogram's buckets, each for itself, and the sum of the values.
#[derive(Clone, Debug)]
pub(crate) struct HistogramCells {
    pub(crate) counts: Box<[u64]>,
    /// A float, because the nanoseconds of many requests that wait would soon exceed 64 bits.
    pub(crate) sum: f64,
}

impl HistogramCells {
    fn new(counts: usize) -> Self {
        Self {
            counts: vec![0; counts].into(),
            sum: 0.0,
        }
    }

    fn add(&mut self, index: usize, value: u64) {
        self.counts[index] += 1;
        self.sum += value as f64;
    }

    fn merge(&mut self, other: &Self) {
        for (count, added) in self.counts.iter_mut().zip(&other.counts) {
            *count += added;
        }
        self.sum += other.sum;
    }

    /// The number of values.
    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

impl SeriesCells {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            durations: Vec::new(),
            sizes: HistogramCells::new(config.sizes.counts()),
        }
    }

    /// Records a request that has ended.
    pub(crate) fn record(&mut self, config: &Config, outcome: Outcome, nanoseconds: u64, body_bytes: u64) {
        self.durations(outcome, config.durations.counts())
            .add(config.durations.index(nanoseconds), nanoseconds);
        self.sizes.add(config.sizes.index(body_bytes), body_bytes);
    }

    /// Creates the cells of an outcome, at 0.
    pub(crate) fn expect(&mut self, config: &Config, outcome: Outcome) {
        self.durations(outcome, config.durations.counts());
    }

    /// Adds what another thread has recorded.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (outcome, durations) in &other.durations {
            self.durations(*outcome, durations.counts.len()).merge(durations);
        }
        self.sizes.merge(&other.sizes);
    }

    #[inline]
    fn durations(&mut self, outcome: Outcome, counts: usize) -> &mut HistogramCells {
        let found = self.durations.iter().position(|(of, _)| *of == outcome);
        let index = found.unwrap_or_else(|| self.add(outcome, counts));
        &mut self.durations[index].1
    }

    /// Adds an outcome that occurs for the first time, and returns its index.
    #[cold]
    fn add(&mut self, outcome: Outcome, counts: usize) -> usize {
        self.durations.push((outcome, HistogramCells::new(counts)));
        self.durations.len() - 1
    }

    pub(crate) fn outcomes(&self) -> &[(Outcome, HistogramCells)] {
        &self.durations
    }

    pub(crate) fn sizes(&self) -> &HistogramCells {
        &self.sizes
    }
}
