//! A small service of orders and users, measured by the drop-in layer.

use axum::{
    Router,
    routing::{get, post},
};
use red_metrics::{
    Monitoring, RedMetrics,
    prometheus::{self, Registry},
    scrape,
};

/// The service, with its metrics at /metrics.
///
/// # Errors
///
/// None in practice: the registry is empty.
pub fn service() -> prometheus::Result<Router> {
    let orders = Router::new()
        .route("/", post(async |order: String| order))
        .route("/{id}", get(async || "an order"));
    let users = Router::new().route("/users/{id}", get(async || "a user"));
    let router = Router::new().nest("/orders", orders).merge(users);

    let registry = Registry::new();
    let metrics = RedMetrics::builder()
        .duration_buckets([0.01, 0.1, 1.0])
        .status_label("status")
        .register(&registry)?;
    Ok(router
        .route("/metrics", get(async move || scrape(&registry)))
        .layer(metrics.layer().route("/metrics", Monitoring::disabled())))
}
