//! What the discovery serves.

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

/// What the handlers share. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Discovery {
    /// The target groups; `None` before the first poll that succeeds.
    pub current: Receiver<Option<Bytes>>,
    pub registry: Registry,
}

/// All routes of the discovery.
pub fn monitored(discovery: Discovery) -> MonitoredRouter<Discovery> {
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

/// What `http_sd_configs` reads. An error lets Prometheus keep the targets that it has; an empty list would not.
async fn targets(State(discovery): State<Discovery>) -> Result<Response, Problem> {
    let groups = discovery.current.borrow().clone().ok_or_else(not_yet)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], groups).into_response())
}

/// Ready once Docker has answered.
async fn ready(State(discovery): State<Discovery>) -> Result<StatusCode, Problem> {
    if discovery.current.borrow().is_none() {
        return Err(not_yet());
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn metrics(State(discovery): State<Discovery>) -> Response {
    exposition::reply(&discovery.registry).await
}

fn not_yet() -> Problem {
    Problem::unavailable("Docker has not answered yet.")
}
