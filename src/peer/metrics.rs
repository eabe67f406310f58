//! Metrics of outgoing requests.

use std::time::{Duration, Instant};

use http::StatusCode;
use prometheus::{Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry};

use red_metrics::DURATION_BUCKETS;

/// The value of `status_code` if no response came.
const NO_RESPONSE: &str = "error";

/// Metric families of an HTTP client.
///
/// | metric | type | labels |
/// |---|---|---|
/// | `http_client_requests_total` | counter | peer, path, status_code (`error` if no response came) |
/// | `http_client_request_duration_seconds` | histogram | peer, path |
#[derive(Clone, Debug)]
pub struct HttpClientMetrics {
    requests: IntCounterVec,
    duration: HistogramVec,
}

impl HttpClientMetrics {
    /// Creates the families and registers them.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of one of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            requests: IntCounterVec::new(
                Opts::new(
                    "http_client_requests_total",
                    "Requests sent to a peer, by status, or error if no response came.",
                ),
                &["peer", "path", "status_code"],
            )?,
            duration: HistogramVec::new(
                HistogramOpts::new(
                    "http_client_request_duration_seconds",
                    "Time from sending a request to a peer to the end of its response, or to giving up.",
                )
                .buckets(DURATION_BUCKETS.to_vec()),
                &["peer", "path"],
            )?,
        };
        registry.register(Box::new(metrics.requests.clone()))?;
        registry.register(Box::new(metrics.duration.clone()))?;
        Ok(metrics)
    }

    /// Returns the metrics of one path of one peer. The series of the `expected` statuses and of `error` exist from the
    /// start.
    #[must_use]
    pub fn peer(&self, peer: &str, path: &str, expected: &[StatusCode]) -> PeerMetrics {
        let metrics = PeerMetrics {
            requests: self.requests.clone(),
            duration: self.duration.with_label_values(&[peer, path]),
            peer: peer.to_owned(),
            path: path.to_owned(),
        };
        metrics.requests(NO_RESPONSE);
        for status in expected {
            metrics.requests(status.as_str());
        }
        metrics
    }
}

/// The metrics of the requests to one path of one peer.
#[derive(Clone, Debug)]
pub struct PeerMetrics {
    requests: IntCounterVec,
    duration: Histogram,
    peer: String,
    path: String,
}

impl PeerMetrics {
    /// Records a request sent at `sent`, with the response's status if one came. Returns its duration.
    pub fn record(&self, sent: Instant, status: Option<StatusCode>) -> Duration {
        let elapsed = sent.elapsed();
        self.requests(status.as_ref().map_or(NO_RESPONSE, StatusCode::as_str))
            .inc();
        self.duration.observe(elapsed.as_secs_f64());
        elapsed
    }

    fn requests(&self, status_code: &str) -> IntCounter {
        self.requests.with_label_values(&[&self.peer, &self.path, status_code])
    }
}
