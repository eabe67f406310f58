//! Routes of the pager.

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
use tracing::warn;

use super::{
    forward::ForwardMetrics,
    heartbeat::Heartbeat,
    ledger::{Event, Ledger, WriteError},
    metrics::PagerMetrics,
    notification::Notification,
    page_store::PageStore,
    pages::Pages,
};
use red_metrics::{MonitoredRouter, Monitoring};

use crate::web::{exposition, problem::Problem};

/// Content security policy: the page loads its own two files and calls its own API.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
);

/// Shared state of the handlers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PagerState {
    pub pages: PageStore,
    pub ledger: Ledger,
    pub heartbeat: Arc<Heartbeat>,
    pub metrics: PagerMetrics,
    pub forward_metrics: ForwardMetrics,
    pub registry: Registry,
}

/// Returns all routes.
pub fn monitored(pager: PagerState) -> MonitoredRouter<PagerState> {
    let get_only = || Monitoring::of([Method::GET]);
    MonitoredRouter::with_state(pager)
        .route(
            "/alerts",
            // The server has limited the body already.
            post(receive).layer(DefaultBodyLimit::disable()),
            Monitoring::of([Method::POST]).expect_statuses([StatusCode::BAD_REQUEST, StatusCode::SERVICE_UNAVAILABLE]),
        )
        .route("/", get(page), get_only())
        .route("/page.css", get(style), get_only())
        .route("/page.js", get(script), get_only())
        .route("/api/pages", get(pages), get_only())
        .route(
            "/metrics",
            get(metrics).layer(exposition::compression()),
            Monitoring::disabled(),
        )
        .route("/healthz", get(async || StatusCode::NO_CONTENT), Monitoring::disabled())
}

/// Receives a notification. Acknowledges it once it is on the disk.
async fn receive(
    State(pager): State<PagerState>,
    body: Result<Json<Notification>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(mut notification) = body.map_err(|rejection| refuse(&rejection, &pager.metrics))?;
    for alert in &notification.alerts {
        pager.metrics.record_received(alert.status);
        if alert.is_heartbeat() {
            pager.metrics.heartbeats.inc();
            pager.heartbeat.beat(alert);
        }
    }
    // The ledger records pages; a heartbeat a minute would bury them.
    notification.alerts.retain(|alert| !alert.is_watchdog());
    if !notification.alerts.is_empty() {
        if notification.truncated_alerts > 0 {
            pager.metrics.truncated.inc_by(notification.truncated_alerts);
            warn!(
                receiver = notification.receiver,
                group = notification.group_key,
                alerts = notification.truncated_alerts,
                "Alertmanager left out alerts of a notification: its group has more than max_alerts"
            );
        }
        pager
            .ledger
            .write(Event::Notified(notification))
            .await
            .map_err(|WriteError| Problem::unavailable("The ledger cannot be written; send the notification again."))?;
        pager.metrics.notifications.inc();
    }
    Ok(StatusCode::OK)
}

/// Refuses what is no notification. Alertmanager does not send it again, so the log and a metric tell of it.
fn refuse(rejection: &JsonRejection, metrics: &PagerMetrics) -> Problem {
    // What cannot be parsed and what has the wrong fields are the same to the sender.
    let status = match rejection.status() {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        other => other,
    };
    let error = rejection.body_text();
    metrics.invalid.inc();
    warn!(status = status.as_u16(), error, "an invalid notification is refused");
    Problem::new(status, error)
}

/// The response of `/api/pages`.
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
    /// Whether a heartbeat has arrived and is not older than the timeout.
    fresh: bool,
}

async fn pages(State(pager): State<PagerState>) -> Json<Overview> {
    Json(Overview {
        heartbeat: HeartbeatOverview {
            age_seconds: pager.heartbeat.age().as_secs_f64(),
            timeout_seconds: pager.heartbeat.timeout().as_secs_f64(),
            fresh: pager.heartbeat.is_fresh(),
        },
        pages: pager.pages.read(Pages::clone),
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

async fn metrics(State(pager): State<PagerState>) -> Response {
    pager.metrics.refresh(&pager.pages, &pager.heartbeat);
    pager.forward_metrics.refresh(pager.pages.forwarding());
    exposition::reply(&pager.registry).await
}
