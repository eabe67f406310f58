//! Routes of the discovery.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::Method;
use prometheus::Registry;
use tokio::sync::watch::Receiver;

use red_metrics::{MonitoredRouter, Monitoring};

use crate::web::{exposition, problem::Problem};

/// Shared state of the handlers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DiscoveryState {
    /// The target groups as JSON; `None` before the first successful poll.
    pub current: Receiver<Option<Bytes>>,
    pub registry: Registry,
}

/// Returns all routes.
pub fn monitored(discovery: DiscoveryState) -> MonitoredRouter<DiscoveryState> {
    MonitoredRouter::with_state(discovery)
        .route(
            "/targets",
            get(targets),
            Monitoring::of([Method::GET]).expect_statuses([StatusCode::SERVICE_UNAVAILABLE]),
        )
        .route(
            "/metrics",
            get(metrics).layer(exposition::compression()),
            Monitoring::disabled(),
        )
        .route("/healthz", get(async || StatusCode::NO_CONTENT), Monitoring::disabled())
        .route("/readyz", get(ready), Monitoring::disabled())
}

/// Returns the targets for `http_sd_configs`. On an error Prometheus keeps its targets; an empty list would remove
/// them.
async fn targets(State(discovery): State<DiscoveryState>) -> Result<Response, Problem> {
    let groups = discovery.current.borrow().clone().ok_or_else(not_yet)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], groups).into_response())
}

/// Ready once Docker has answered.
async fn ready(State(discovery): State<DiscoveryState>) -> Result<StatusCode, Problem> {
    if discovery.current.borrow().is_none() {
        return Err(not_yet());
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn metrics(State(discovery): State<DiscoveryState>) -> Response {
    exposition::reply(&discovery.registry).await
}

fn not_yet() -> Problem {
    Problem::unavailable("Docker has not answered yet.")
}
