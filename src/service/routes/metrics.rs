//! `GET /metrics`: what Prometheus scrapes.

use axum::{extract::State, http::HeaderMap, response::Response};

use crate::{service::state::App, web::exposition};

/// All metrics of this process.
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    exposition::reply(&app.registry, &headers).await
}
