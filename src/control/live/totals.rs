//! What has come of the requests to one endpoint, in numbers that can be compared.

use std::collections::BTreeMap;

use prometheus::proto::Histogram;
use serde::Serialize;

/// Counts since the process began, or between two readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct EndpointTotals {
    by_status: BTreeMap<String, f64>,
    /// How many requests took at most so long: by upper bound, in the order of the bounds.
    cumulative: Vec<(f64, f64)>,
}

/// What happens at one endpoint. Absent is what cannot be known, such as the quantile of no requests.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct EndpointStats {
    requests_per_second: Option<f64>,
    /// The share of requests that did not succeed: those of 4xx, of 5xx, and without an answer.
    failed_ratio: Option<f64>,
    p99_seconds: Option<f64>,
    /// Requests a second by how they ended, where any did.
    by_status: BTreeMap<String, f64>,
}

impl EndpointTotals {
    pub fn add_requests(&mut self, status: &str, requests: f64) {
        *self.by_status.entry(status.to_owned()).or_default() += requests;
    }

    /// All histograms of a service have the same bounds.
    pub fn add_durations(&mut self, durations: &Histogram) {
        let buckets = durations.get_bucket().iter();
        let at_most = buckets.map(|bucket| (bucket.upper_bound(), bucket.cumulative_count() as f64));
        let at_most = at_most
            .filter(|(bound, _)| bound.is_finite())
            .chain([(f64::INFINITY, durations.get_sample_count() as f64)]);
        if self.cumulative.is_empty() {
            self.cumulative = at_most.collect();
        } else {
            for ((_, sum), (_, requests)) in self.cumulative.iter_mut().zip(at_most) {
                *sum += requests;
            }
        }
    }

    /// What has come since `before`.
    pub fn since(&self, before: &Self) -> Self {
        let mut new = self.clone();
        for (status, requests) in &mut new.by_status {
            *requests -= before.by_status.get(status).unwrap_or(&0.0);
        }
        new.by_status.retain(|_, requests| *requests > 0.0);
        for ((_, requests), (_, earlier)) in new.cumulative.iter_mut().zip(&before.cumulative) {
            *requests -= earlier;
        }
        new
    }

    /// The rates, if these are the counts of so many seconds.
    pub fn over(&self, seconds: f64) -> EndpointStats {
        let requests: f64 = self.by_status.values().sum();
        let failed: f64 = self
            .by_status
            .iter()
            .filter(|(status, _)| is_failure(status))
            .map(|(_, n)| n)
            .sum();
        EndpointStats {
            requests_per_second: (seconds > 0.0).then(|| requests / seconds),
            failed_ratio: (requests > 0.0).then(|| failed / requests),
            p99_seconds: self.quantile(0.99),
            by_status: self
                .by_status
                .iter()
                .map(|(status, n)| (status.clone(), n / seconds))
                .collect(),
        }
    }

    /// As Prometheus' `histogram_quantile`: within its bucket the requests are taken to be spread evenly, and beyond the
    /// last bound there is nothing to tell but that bound.
    fn quantile(&self, quantile: f64) -> Option<f64> {
        let (_, requests) = *self.cumulative.last()?;
        let rank = quantile * requests;
        let index = self.cumulative.iter().position(|(_, at_most)| *at_most >= rank)?;
        let (lower, below) = match index {
            0 => (0.0, 0.0),
            index => self.cumulative[index - 1],
        };
        let (upper, at_most) = self.cumulative[index];
        let inside = at_most - below;
        if requests == 0.0 || inside == 0.0 {
            return None;
        }
        Some(if upper.is_finite() {
            lower + (upper - lower) * (rank - below) / inside
        } else {
            lower
        })
    }
}

/// Whether a value of `status_code` is that of a request that did not succeed.
fn is_failure(status: &str) -> bool {
    !status.starts_with(['1', '2', '3'])
}

#[cfg(test)]
mod tests {
    use prometheus::{HistogramOpts, HistogramVec, core::Collector};

    use super::*;

    fn totals(statuses: &[(&str, f64)], durations: &[f64]) -> EndpointTotals {
        let opts = HistogramOpts::new("durations", "help").buckets(vec![0.1, 0.25, 0.5]);
        let histograms = HistogramVec::new(opts, &["status"]).expect("valid");
        for (number, duration) in durations.iter().enumerate() {
            // Spread over two series, as those of two statuses are.
            histograms
                .with_label_values(&[(number % 2).to_string()])
                .observe(*duration);
        }
        let mut totals = EndpointTotals::default();
        for (status, requests) in statuses {
            totals.add_requests(status, *requests);
        }
        for family in histograms.collect() {
            for metric in family.get_metric() {
                totals.add_durations(metric.get_histogram());
            }
        }
        totals
    }

    #[test]
    fn rates_are_of_what_has_come_in_between() {
        let before = totals(&[("200", 100.0)], &[0.05; 100]);
        let after = totals(
            &[("200", 150.0), ("429", 20.0), ("500", 20.0), ("aborted", 10.0)],
            &[0.05; 200],
        );
        let stats = after.since(&before).over(5.0);
        assert_eq!(stats.requests_per_second, Some(20.0));
        assert_eq!(stats.failed_ratio, Some(0.5));
        let by_status = [("200", 10.0), ("429", 4.0), ("500", 4.0), ("aborted", 2.0)];
        assert_eq!(
            stats.by_status,
            by_status.map(|(status, rate)| (status.to_owned(), rate)).into()
        );
    }

    #[test]
    fn the_quantile_is_the_one_that_prometheus_would_tell() {
        // 99 of 100 up to 0.25: all of the second bucket. Of 200 with 198 up to 0.1: all of the first.
        let of = |durations: &[f64]| totals(&[], durations).quantile(0.99);
        let with_tail = |most: f64, tail: f64| [[most; 99].as_slice(), &[tail]].concat();
        assert_eq!(of(&with_tail(0.2, 0.3)), Some(0.25));
        assert_eq!(of(&with_tail(0.05, 0.3)), Some(0.1));
        assert_eq!(of(&[0.3; 100]), Some(0.25 + 0.25 * 0.99));
        assert_eq!(of(&[3.0; 100]), Some(0.5), "nothing is told beyond the last bound");
    }

    #[test]
    fn of_nothing_nothing_is_known() {
        let nothing = totals(&[("200", 5.0)], &[0.05; 5]);
        let stats = nothing.since(&nothing).over(1.0);
        assert_eq!(stats.requests_per_second, Some(0.0));
        assert_eq!((stats.failed_ratio, stats.p99_seconds), (None, None));
        assert!(stats.by_status.is_empty());
    }
}
