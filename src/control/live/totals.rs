//! Request totals of one endpoint, and the rates between two of them.

use std::collections::BTreeMap;

use prometheus::proto::Histogram;
use serde::Serialize;

/// Request counts since the process started, or between two readings.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct EndpointTotals {
    by_status: BTreeMap<String, f64>,
    /// The histogram's cumulative buckets: upper bound in seconds and number of requests, in ascending order.
    cumulative: Vec<(f64, f64)>,
}

/// The rates of one endpoint. `None` where there is no value, such as a quantile without requests.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct EndpointStats {
    requests_per_second: Option<f64>,
    /// The share of requests that failed: 4xx, 5xx, and aborted.
    failed_ratio: Option<f64>,
    p99_seconds: Option<f64>,
    /// Requests a second, by status. Statuses without requests are absent.
    by_status: BTreeMap<String, f64>,
}

impl EndpointTotals {
    pub fn add_requests(&mut self, status: &str, requests: f64) {
        *self.by_status.entry(status.to_owned()).or_default() += requests;
    }

    /// Adds a histogram. All histograms of a service have the same bounds.
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

    /// Returns the counts since `before`.
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

    /// Returns the rates if these are the counts of `seconds` seconds.
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

    /// Returns a quantile, as Prometheus' `histogram_quantile` does: interpolated linearly within its bucket, and the
    /// last finite bound if it lies beyond that.
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

/// Whether a value of `status_code` is that of a failed request.
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
            // Two series, as of two statuses.
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
    fn rates_count_the_requests_between_two_readings() {
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
    fn the_quantile_is_that_of_prometheus() {
        // 99 of 100 up to 0.25: all of the second bucket. Of 200 with 198 up to 0.1: all of the first.
        let of = |durations: &[f64]| totals(&[], durations).quantile(0.99);
        let with_tail = |most: f64, tail: f64| [[most; 99].as_slice(), &[tail]].concat();
        assert_eq!(of(&with_tail(0.2, 0.3)), Some(0.25));
        assert_eq!(of(&with_tail(0.05, 0.3)), Some(0.1));
        assert_eq!(of(&[0.3; 100]), Some(0.25 + 0.25 * 0.99));
        assert_eq!(of(&[3.0; 100]), Some(0.5), "the last bound stands for all beyond it");
    }

    #[test]
    fn without_requests_there_is_no_ratio_and_no_quantile() {
        let nothing = totals(&[("200", 5.0)], &[0.05; 5]);
        let stats = nothing.since(&nothing).over(1.0);
        assert_eq!(stats.requests_per_second, Some(0.0));
        assert_eq!((stats.failed_ratio, stats.p99_seconds), (None, None));
        assert!(stats.by_status.is_empty());
    }
}
