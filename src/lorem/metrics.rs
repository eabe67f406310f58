//! Metrics of calls.

use std::time::Instant;

use prometheus::{Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry};

use super::{error::RateLimited, kind::Kind, length::Length, service::Lorem};
use prometheus_summary::{Summary, SummaryOpts, SummaryVec};

/// Bounds of the histogram's buckets, in seconds. A call takes microseconds, so the first bucket for requests, 1 ms,
/// would contain nearly all calls.
const BUCKETS: &[f64] = &[
    0.000_001,
    0.000_002_5,
    0.000_005,
    0.000_01,
    0.000_025,
    0.000_05,
    0.000_1,
    0.000_25,
    0.000_5,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.05,
];

/// Decorator that measures the calls of a service:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `lorem_request_count` | counter | method |
/// | `lorem_request_latency_seconds` | summary | method |
/// | `lorem_request_duration_seconds` | histogram | method |
///
/// The summary and the histogram measure the same calls, for comparison. The counter has its name from go-kit's
/// examples; by Prometheus' conventions it would end in `_total`.
#[derive(Debug)]
pub struct Metrics<L> {
    inner: L,
    by_kind: [MethodMetrics; Kind::ALL.len()],
}

#[derive(Debug)]
struct MethodMetrics {
    requests: IntCounter,
    latency: Summary,
    duration: Histogram,
}

impl<L: Lorem> Metrics<L> {
    /// Creates the families and registers them. All series exist from the start.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of one of these names.
    pub fn register(inner: L, registry: &Registry) -> prometheus::Result<Self> {
        let labels = &["method"];
        let requests = IntCounterVec::new(
            Opts::new(
                "lorem_request_count",
                "Calls of the lorem service, without refused ones.",
            ),
            labels,
        )?;
        let latency = SummaryVec::new(
            SummaryOpts::new(
                "lorem_request_latency_seconds",
                "Duration of a call of the lorem service, over the last 10 minutes.",
            ),
            labels,
        )?;
        let duration = HistogramVec::new(
            HistogramOpts::new(
                "lorem_request_duration_seconds",
                "Duration of a call of the lorem service, as a histogram.",
            )
            .buckets(BUCKETS.to_vec()),
            labels,
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(latency.clone()))?;
        registry.register(Box::new(duration.clone()))?;
        Ok(Self {
            inner,
            by_kind: Kind::ALL.map(|kind| {
                let values = &[kind.as_str()];
                MethodMetrics {
                    requests: requests.with_label_values(values),
                    latency: latency.with_label_values(values),
                    duration: duration.with_label_values(values),
                }
            }),
        })
    }

    fn measure(&self, kind: Kind, length: Length) -> Result<String, RateLimited> {
        let started = Instant::now();
        let result = kind.call(&self.inner, length);
        let now = Instant::now();
        let seconds = now.saturating_duration_since(started).as_secs_f64();

        let metrics = &self.by_kind[kind as usize];
        metrics.requests.inc();
        metrics.latency.observe_at(seconds, now);
        metrics.duration.observe(seconds);
        result
    }
}

impl<L: Lorem> Lorem for Metrics<L> {
    fn word(&self, letters: Length) -> Result<String, RateLimited> {
        self.measure(Kind::Word, letters)
    }

    fn sentence(&self, words: Length) -> Result<String, RateLimited> {
        self.measure(Kind::Sentence, words)
    }

    fn paragraph(&self, sentences: Length) -> Result<String, RateLimited> {
        self.measure(Kind::Paragraph, sentences)
    }
}
