//! `GET /metrics`: the metrics, for Prometheus.

use axum::{extract::State, response::Response};

use crate::{service::state::App, web::exposition};

/// Returns all metrics of this process.
pub async fn show(State(app): State<App>) -> Response {
    exposition::reply(&app.registry).await
}
