//! What the pager serves.

use std::sync::Arc;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State, rejection::JsonRejection},
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use http::Method;
use prometheus::Registry;
use serde::Serialize;

use super::{
    board::{Board, Pages},
    heartbeat::Heartbeat,
    ledger::{Event, Ledger, NotWritten},
    metrics::PagerMetrics,
    notification::Notification,
};
use red_metrics::{MonitoredRouter, Monitoring};

use crate::web::{exposition, problem::Problem};

/// The page loads its own two files and asks its own API; nothing else.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
);

/// What the handlers share. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Pager {
    pub board: Board,
    pub ledger: Ledger,
    pub heartbeat: Arc<Heartbeat>,
    pub metrics: PagerMetrics,
    pub registry: Registry,
}

/// All routes of the pager.
pub fn monitored(pager: Pager) -> MonitoredRouter<Pager> {
    let served = || Monitoring::of([Method::GET]);
    MonitoredRouter::with_state(pager)
        .route(
            "/alerts",
            // Its body was bounded before.
            post(receive).layer(DefaultBodyLimit::disable()),
            Monitoring::of([Method::POST]).expect_statuses([StatusCode::BAD_REQUEST, StatusCode::SERVICE_UNAVAILABLE]),
        )
        .route("/", get(page), served())
        .route("/page.css", get(style), served())
        .route("/page.js", get(script), served())
        .route("/api/pages", get(pages), served())
        .route(
            "/metrics",
            get(metrics).layer(exposition::compression()),
            Monitoring::disabled(),
        )
        .route("/healthz", get(async || StatusCode::NO_CONTENT), Monitoring::disabled())
}

/// Takes a notification, and acknowledges it once it is on the disk.
async fn receive(
    State(pager): State<Pager>,
    body: Result<Json<Notification>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(mut notification) = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    for alert in &notification.alerts {
        pager.metrics.received(alert.status);
        if alert.is_heartbeat() {
            pager.metrics.heartbeats.inc();
            pager.heartbeat.beat(alert);
        }
    }
    // The ledger is about pages; a heartbeat a minute would bury them.
    notification.alerts.retain(|alert| !alert.is_heartbeat());
    if !notification.alerts.is_empty() {
        pager
            .ledger
            .write(Event::Notified(notification))
            .await
            .map_err(|NotWritten| Problem::unavailable("The ledger cannot be written; send it again."))?;
        pager.metrics.notifications.inc();
    }
    Ok(StatusCode::OK)
}

/// What `/api/pages` shows.
#[derive(Debug, Serialize)]
struct Overview {
    heartbeat: HeartbeatOverview,
    #[serde(flatten)]
    pages: Pages,
}

#[derive(Debug, Serialize)]
struct HeartbeatOverview {
    age_seconds: f64,
    timeout_seconds: f64,
    /// Whether the monitoring was seen alive lately enough.
    fresh: bool,
}

async fn pages(State(pager): State<Pager>) -> Json<Overview> {
    Json(Overview {
        heartbeat: HeartbeatOverview {
            age_seconds: pager.heartbeat.age().as_secs_f64(),
            timeout_seconds: pager.heartbeat.timeout().as_secs_f64(),
            fresh: pager.heartbeat.is_fresh(),
        },
        pages: pager.board.look(Pages::clone),
    })
}

async fn page() -> impl IntoResponse {
    ([POLICY], Html(include_str!("page.html")))
}

async fn style() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("page.css"),
    )
}

async fn script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("page.js"),
    )
}

async fn metrics(State(pager): State<Pager>) -> Response {
    pager.metrics.refresh(&pager.board, &pager.heartbeat);
    exposition::reply(&pager.registry).await
}
