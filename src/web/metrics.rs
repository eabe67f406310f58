//! Metrics of a server's connections and of the requests that it rejects.

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry, core::Collector};

/// Metrics of a server's connections, and of the requests that it rejects.
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
    shed: IntCounterVec,
    /// Requests answered with 503 because too many were in progress.
    pub(super) shed_for_concurrency: IntCounter,
    /// Requests answered with 503 because other bodies took all of their memory.
    pub(super) shed_for_memory: IntCounter,
    pub(super) connections: IntGauge,
    pub(super) max_connections: IntGauge,
    pub(super) evicted: IntCounter,
    pub(super) accept_errors: IntCounter,
}

impl ServerMetrics {
    /// Creates the metrics of a server that nobody scrapes.
    pub fn unregistered() -> prometheus::Result<Self> {
        let shed = IntCounterVec::new(
            Opts::new(
                "http_requests_shed_total",
                "Requests turned away with 503: too many in progress, or too much memory in bodies.",
            ),
            &["reason"],
        )?;
        Ok(Self {
            shed_for_concurrency: shed.with_label_values(&["concurrency"]),
            shed_for_memory: shed.with_label_values(&["memory"]),
            shed,
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
        })
    }

    /// Creates the metrics and registers them.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self::unregistered()?;
        let collectors: [Box<dyn Collector>; 5] = [
            Box::new(metrics.shed.clone()),
            Box::new(metrics.connections.clone()),
            Box::new(metrics.max_connections.clone()),
            Box::new(metrics.evicted.clone()),
            Box::new(metrics.accept_errors.clone()),
        ];
        for collector in collectors {
            registry.register(collector)?;
        }
        Ok(metrics)
    }
}
