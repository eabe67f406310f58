//! The metric families of the HTTP server.

use std::sync::Arc;

use prometheus::Registry;

use super::{RedMetricsLayer, RouteTable, catalogue::Catalogue, collector::HttpCollector};

/// The four families that describe an HTTP server's requests. They agree in every scrape: a request that has ended is in
/// all of them, or in none of them yet.
///
/// | metric | type | labels |
/// |---|---|---|
/// | `http_requests_total` | counter | method, path, status_code |
/// | `http_request_duration_seconds` | histogram | method, path, status_code |
/// | `http_concurrent_requests` | gauge | method, path |
/// | `http_response_size_bytes` | histogram | method, path |
#[derive(Clone, Debug)]
pub struct RedMetrics {
    catalogue: Arc<Catalogue>,
}

impl RedMetrics {
    /// Creates the families and registers them.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of one of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let catalogue = Arc::<Catalogue>::default();
        registry.register(Box::new(HttpCollector::new(Arc::clone(&catalogue))?))?;
        Ok(Self { catalogue })
    }

    /// A layer that records the requests to these routes. It belongs around the whole application, so that what other
    /// layers answer (a body that is too large, a panic) is counted too.
    ///
    /// The routes' series, and the table by which they are found, are kept until the process ends.
    ///
    /// # Panics
    ///
    /// Panics if a route's template is not one that axum accepts; the router would have panicked before.
    #[must_use]
    pub fn outermost(&self, routes: &RouteTable) -> RedMetricsLayer {
        RedMetricsLayer::new(&self.catalogue, routes)
    }
}
