//! A family of summaries that differ in their labels.

use std::time::Instant;

use prometheus::{
    core::{Collector, Desc, MetricVec, MetricVecBuilder},
    proto::{MetricFamily, MetricType},
};

use crate::{options::SummaryOpts, summary::Summary};

/// Summaries of one name, one for each combination of label values. Cloning it is cheap; clones are the same family.
///
/// As with all families of the prometheus crate, two combinations whose values are the same when written one after the
/// other share a series: take label values from a fixed set.
#[derive(Clone, Debug)]
pub struct SummaryVec(MetricVec<Builder>);

#[derive(Clone, Debug)]
struct Builder;

impl SummaryVec {
    /// A family whose summaries have these labels.
    ///
    /// # Errors
    ///
    /// Fails if a name is malformed or is `quantile`, or if `opts` asks for a quantile outside of 0 to 1 or for a
    /// window without a length.
    pub fn new(opts: SummaryOpts, labels: &[&str]) -> prometheus::Result<Self> {
        let opts = opts.variable_labels(labels);
        MetricVec::create(MetricType::SUMMARY, Builder, opts).map(Self)
    }

    /// The summary with these label values, made at its first use. Whoever observes often keeps it.
    ///
    /// # Panics
    ///
    /// Panics if there are not as many values as labels.
    #[must_use]
    pub fn with_label_values(&self, values: &[&str]) -> Summary {
        self.0.with_label_values(values)
    }
}

impl MetricVecBuilder for Builder {
    type M = Summary;
    type P = SummaryOpts;

    fn build<V: AsRef<str>>(&self, opts: &SummaryOpts, values: &[V]) -> prometheus::Result<Summary> {
        Summary::with_labels(opts, values, Instant::now())
    }
}

impl Collector for SummaryVec {
    fn desc(&self) -> Vec<&Desc> {
        self.0.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.0.collect()
    }
}
