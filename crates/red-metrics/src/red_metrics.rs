//! The entry point: the metric families, and the choices that they are made by.

use std::sync::Arc;

use prometheus::Registry;

use crate::{
    collector::RedCollector, config::Choices, outermost::OutermostLayer, registry::SeriesRegistry,
    route_table::RouteTable,
};

#[cfg(feature = "drop-in")]
use crate::drop_in::RedMetricsLayer;

/// The four metric families of an HTTP server's requests.
///
/// | metric | type | labels |
/// |---|---|---|
/// | `http_requests_total` | counter | `method`, `path`, `status_code` |
/// | `http_request_duration_seconds` | histogram | `method`, `path`, `status_code` |
/// | `http_concurrent_requests` | gauge | `method`, `path` |
/// | `http_response_size_bytes` | histogram | `method`, `path` |
///
/// They agree in each scrape: a request that has ended is in all of them or in none. Clones share the families, which are
/// freed with the last clone, the last layer and the registry.
#[derive(Clone, Debug)]
pub struct RedMetrics {
    series: Arc<SeriesRegistry>,
}

impl RedMetrics {
    /// Registers the families with the default names and buckets.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of one of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        Self::builder().register(registry)
    }

    /// Other names or buckets.
    pub fn builder() -> RedMetricsBuilder {
        RedMetricsBuilder::default()
    }

    /// A layer for [`Router::layer`](axum::Router::layer).
    #[cfg(feature = "drop-in")]
    #[must_use]
    pub fn layer(&self) -> RedMetricsLayer {
        RedMetricsLayer::new(Arc::clone(&self.series))
    }

    /// A layer around a whole service, outside its router, for requests to these routes.
    ///
    /// # Panics
    ///
    /// Panics if the table holds a template twice or one that axum does not accept; its router would have panicked before.
    #[must_use]
    pub fn outermost(&self, routes: &RouteTable) -> OutermostLayer {
        OutermostLayer::new(&self.series, routes)
    }
}

/// Names and buckets that differ from the defaults.
///
/// Labels with the same value in all series, such as an environment's name, are the registry's:
/// [`Registry::new_custom`](prometheus::Registry::new_custom).
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is measured before `register`"]
pub struct RedMetricsBuilder {
    choices: Choices,
}

impl RedMetricsBuilder {
    /// The first part of the families' names, `http` by default: `{prefix}_requests_total` and so on.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.choices.names.prefix = prefix.into();
        self
    }

    /// The bounds of the duration histogram's buckets in seconds, ascending;
    /// [`DURATION_BUCKETS`](crate::DURATION_BUCKETS) by default.
    pub fn duration_buckets(mut self, bounds: impl IntoIterator<Item = f64>) -> Self {
        self.choices.duration_buckets = bounds.into_iter().collect();
        self
    }

    /// The bounds of the size histogram's buckets in bytes, ascending; [`SIZE_BUCKETS`](crate::SIZE_BUCKETS) by default.
    pub fn size_buckets(mut self, bounds: impl IntoIterator<Item = f64>) -> Self {
        self.choices.size_buckets = bounds.into_iter().collect();
        self
    }

    /// The name of the label for the method, `method` by default.
    pub fn method_label(mut self, name: impl Into<String>) -> Self {
        self.choices.names.method = name.into();
        self
    }

    /// The name of the label for the route's template, `path` by default.
    pub fn path_label(mut self, name: impl Into<String>) -> Self {
        self.choices.names.path = name.into();
        self
    }

    /// The name of the label for the status, `status_code` by default.
    pub fn status_label(mut self, name: impl Into<String>) -> Self {
        self.choices.names.status_code = name.into();
        self
    }

    /// Registers the families.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of one of the names, if a name is not one that Prometheus allows, if
    /// two labels have the same name, or if bounds are not finite, at least 0 and ascending.
    pub fn register(self, registry: &Registry) -> prometheus::Result<RedMetrics> {
        let series = Arc::new(SeriesRegistry::new(self.choices.check()?));
        registry.register(Box::new(RedCollector::new(Arc::clone(&series))?))?;
        Ok(RedMetrics { series })
    }
}
