//! What the limits of a server do to its clients, as metrics.

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

/// Metrics of a server's connections, and of what it turned away.
///
/// | metric | type | labels |
/// |---|---|---|
/// | `http_requests_shed_total` | counter | reason (concurrency, memory) |
/// | `http_connections` | gauge | |
/// | `http_max_connections` | gauge | |
/// | `http_connections_evicted_total` | counter | |
/// | `http_accept_errors_total` | counter | |
#[derive(Clone, Debug)]
pub struct ServerMetrics {
    /// Requests that were answered with 503 since as many as may run did.
    pub(super) shed_for_concurrency: IntCounter,
    /// Requests that were answered with 503 since the bodies of others took all of the memory for them.
    pub(super) shed_for_memory: IntCounter,
    pub(super) connections: IntGauge,
    pub(super) max_connections: IntGauge,
    pub(super) evicted: IntCounter,
    pub(super) accept_errors: IntCounter,
}

impl ServerMetrics {
    /// Creates the metrics and registers them.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of one of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let shed = IntCounterVec::new(
            Opts::new(
                "http_requests_shed_total",
                "Requests turned away with 503: too many in progress, or too much memory in bodies.",
            ),
            &["reason"],
        )?;
        let metrics = Self {
            shed_for_concurrency: shed.with_label_values(&["concurrency"]),
            shed_for_memory: shed.with_label_values(&["memory"]),
            connections: IntGauge::new("http_connections", "Connections of clients that are open now.")?,
            max_connections: IntGauge::new("http_max_connections", "The most connections that may be open.")?,
            evicted: IntCounter::new(
                "http_connections_evicted_total",
                "Connections closed to make room for new ones.",
            )?,
            accept_errors: IntCounter::new(
                "http_accept_errors_total",
                "Connections that could not be accepted, such as for want of file descriptors.",
            )?,
        };
        registry.register(Box::new(shed))?;
        registry.register(Box::new(metrics.connections.clone()))?;
        registry.register(Box::new(metrics.max_connections.clone()))?;
        registry.register(Box::new(metrics.evicted.clone()))?;
        registry.register(Box::new(metrics.accept_errors.clone()))?;
        Ok(metrics)
    }
}
