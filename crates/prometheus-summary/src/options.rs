//! The options of a summary.

use std::time::Duration;

use prometheus::{
    Error, Opts,
    core::{Desc, Describer},
    proto::LabelPair,
};

/// The label that the text format reserves for summaries.
const QUANTILE: &str = "quantile";

/// The name, the help text, the quantiles and the window of a summary.
#[derive(Clone, Debug)]
pub struct SummaryOpts {
    pub(crate) common: Opts,
    pub(crate) quantiles: Vec<f64>,
    pub(crate) max_age: Duration,
    pub(crate) age_buckets: u32,
}

impl SummaryOpts {
    /// The quantiles 0.5, 0.9 and 0.99 over the last 10 minutes, in 5 slices: the window of Prometheus' Go client.
    pub fn new(name: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            common: Opts::new(name, help),
            quantiles: vec![0.5, 0.9, 0.99],
            max_age: Duration::from_mins(10),
            age_buckets: 5,
        }
    }

    /// Sets other quantiles, each from 0 to 1.
    #[must_use]
    pub fn quantiles(mut self, quantiles: impl IntoIterator<Item = f64>) -> Self {
        self.quantiles = quantiles.into_iter().collect();
        self
    }

    /// Sets another window: the longest time that an observation stays in it, and the number of its slices. More slices make it
    /// slide in smaller steps, and take more memory.
    #[must_use]
    pub const fn window(mut self, max_age: Duration, age_buckets: u32) -> Self {
        self.max_age = max_age;
        self.age_buckets = age_buckets;
        self
    }

    /// Adds a label with the same value in all series of this summary.
    #[must_use]
    pub fn const_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.common = self.common.const_label(name, value);
        self
    }

    /// The length of each slice of the window.
    pub(crate) fn slice(&self) -> Duration {
        self.max_age.checked_div(self.age_buckets).unwrap_or_default()
    }

    pub(crate) fn variable_labels(mut self, names: &[&str]) -> Self {
        self.common = self
            .common
            .variable_labels(names.iter().map(ToString::to_string).collect());
        self
    }
}

impl Describer for SummaryOpts {
    fn describe(&self) -> prometheus::Result<Desc> {
        if let Some(wrong) = self.quantiles.iter().find(|quantile| !(0.0..=1.0).contains(*quantile)) {
            return Err(Error::Msg(format!("quantile {wrong}: expected a number from 0 to 1")));
        }
        if self.slice().is_zero() {
            let (age, buckets) = (self.max_age, self.age_buckets);
            return Err(Error::Msg(format!(
                "a window of {age:?} in {buckets} slices: expected slices that last"
            )));
        }
        let desc = self.common.describe()?;
        let constant = desc.const_label_pairs.iter().map(LabelPair::name);
        if constant
            .chain(desc.variable_labels.iter().map(String::as_str))
            .any(|name| name == QUANTILE)
        {
            return Err(Error::Msg(format!("a summary cannot have a label named {QUANTILE}")));
        }
        Ok(desc)
    }
}
