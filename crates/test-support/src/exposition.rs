//! Parser of Prometheus' text format.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::{Instant, sleep};

/// The samples of one scrape, keyed by series.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposition {
    samples: BTreeMap<String, f64>,
}

impl Exposition {
    /// Parses the text of a scrape.
    pub fn parse(text: &str) -> Self {
        let samples = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| {
                let (series, value) = line.rsplit_once(' ').expect("a series and its value");
                (series.to_owned(), value.parse().expect("a number"))
            })
            .collect();
        Self { samples }
    }

    /// Returns the value of a series, if it is there. Labels are in alphabetical order, as in the text.
    pub fn get(&self, series: &str) -> Option<f64> {
        self.samples.get(series).copied()
    }

    /// Returns the value of a series that must be there.
    pub fn value(&self, series: &str) -> f64 {
        self.get(series).unwrap_or_else(|| {
            let family = series.split('{').next().unwrap_or(series);
            let there: Vec<_> = self.series().filter(|there| there.starts_with(family)).collect();
            panic!("there is no {series}, but {there:#?}")
        })
    }

    /// Returns the sum over all series of a metric.
    pub fn sum(&self, name: &str) -> f64 {
        self.samples
            .iter()
            .filter(|(series, _)| series.split('{').next() == Some(name))
            .map(|(_, value)| value)
            .sum()
    }

    /// Returns all series without their values.
    pub fn series(&self) -> impl Iterator<Item = &str> {
        self.samples.keys().map(String::as_str)
    }

    /// Returns all series as a set, for comparisons.
    pub fn series_set(&self) -> BTreeSet<&str> {
        self.series().collect()
    }
}

/// Polls until `probe` returns a value, for at most half a minute: far longer than anything takes that happens at all.
/// `what` is for the panic's message.
pub async fn eventually<T>(what: &str, probe: impl AsyncFnMut() -> Option<T>) -> T {
    within(Duration::from_secs(30), what, probe).await
}

/// Polls until `probe` returns a value, for at most this long. `what` is for the panic's message.
pub async fn within<T>(limit: Duration, what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(Instant::now() < deadline, "not true within {limit:?}: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}
