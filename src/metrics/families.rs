//! The metric families of the HTTP server.

use std::sync::Arc;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry};

use super::{DURATION_BUCKETS, HttpMetricsLayer, RouteTable, SIZE_BUCKETS};

/// The four families that describe an HTTP server's requests.
///
/// | metric | type | labels |
/// |---|---|---|
/// | `http_requests_total` | counter | method, path, status_code |
/// | `http_request_duration_seconds` | histogram | method, path, status_code |
/// | `http_concurrent_requests` | gauge | method, path |
/// | `http_response_size_bytes` | histogram | method, path |
#[derive(Clone, Debug)]
pub struct HttpMetrics {
    pub(super) families: Arc<Families>,
}

#[derive(Debug)]
pub(super) struct Families {
    pub(super) requests: IntCounterVec,
    pub(super) duration: HistogramVec,
    pub(super) concurrent: IntGaugeVec,
    pub(super) response_size: HistogramVec,
}

impl HttpMetrics {
    /// Creates the families and registers them.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of one of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let families = Families {
            requests: IntCounterVec::new(
                Opts::new(
                    "http_requests_total",
                    "Requests answered, by the status sent, or aborted where the client left before the end.",
                ),
                &["method", "path", "status_code"],
            )?,
            duration: HistogramVec::new(
                HistogramOpts::new(
                    "http_request_duration_seconds",
                    "Time from a request's arrival to the end of the response's body.",
                )
                .buckets(DURATION_BUCKETS.to_vec()),
                &["method", "path", "status_code"],
            )?,
            concurrent: IntGaugeVec::new(
                Opts::new("http_concurrent_requests", "Requests being served now."),
                &["method", "path"],
            )?,
            response_size: HistogramVec::new(
                HistogramOpts::new(
                    "http_response_size_bytes",
                    "Bytes of the response's body that were sent.",
                )
                .buckets(SIZE_BUCKETS.to_vec()),
                &["method", "path"],
            )?,
        };
        registry.register(Box::new(families.requests.clone()))?;
        registry.register(Box::new(families.duration.clone()))?;
        registry.register(Box::new(families.concurrent.clone()))?;
        registry.register(Box::new(families.response_size.clone()))?;
        Ok(Self {
            families: Arc::new(families),
        })
    }

    /// A layer that records the requests to these routes. It belongs around the whole application, so that what other
    /// layers answer (a body that is too large, a panic) is counted too.
    ///
    /// # Panics
    ///
    /// Panics if a route's template is not one that axum accepts; the router would have panicked before.
    #[must_use]
    pub fn layer(&self, routes: &RouteTable) -> HttpMetricsLayer {
        HttpMetricsLayer::new(&self.families, routes)
    }
}
