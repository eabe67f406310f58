//! What the pager serves.

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use http::Method;
use prometheus::{IntCounter, IntCounterVec, Opts, Registry};
use tracing::{info, warn};

use super::notification::{AlertStatus, Notification};
use crate::{
    metrics::{MonitoredRouter, Monitoring},
    web::{exposition, problem::Problem},
};

/// What the handlers share.
#[derive(Clone, Debug)]
pub struct Pager {
    registry: Registry,
    firing: IntCounter,
    resolved: IntCounter,
}

impl Pager {
    pub fn new(registry: Registry) -> prometheus::Result<Self> {
        let alerts = IntCounterVec::new(
            Opts::new(
                "pager_alerts_received_total",
                "Alerts that Alertmanager notified, by their status.",
            ),
            &["status"],
        )?;
        registry.register(Box::new(alerts.clone()))?;
        Ok(Self {
            registry,
            firing: alerts.with_label_values(&["firing"]),
            resolved: alerts.with_label_values(&["resolved"]),
        })
    }
}

/// All routes of the pager.
pub fn monitored() -> MonitoredRouter<Pager> {
    MonitoredRouter::new()
        .route("/alerts", post(receive), Monitoring::of([Method::POST]))
        .route("/metrics", get(metrics), Monitoring::off())
        .route("/healthz", get(async || StatusCode::NO_CONTENT), Monitoring::off())
}

/// Takes a notification: each of its alerts becomes a log line and is counted.
async fn receive(
    State(pager): State<Pager>,
    body: Result<Json<Notification>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Json(notification) = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    for alert in &notification.alerts {
        let summary = alert.annotations.get("summary").map_or("", String::as_str);
        let (name, receiver) = (alert.name(), notification.receiver.as_str());
        match alert.status {
            AlertStatus::Firing => {
                pager.firing.inc();
                warn!(name, receiver, summary, "firing");
            }
            AlertStatus::Resolved => {
                pager.resolved.inc();
                info!(name, receiver, summary, "resolved");
            }
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn metrics(State(pager): State<Pager>) -> Response {
    exposition::reply(&pager.registry)
}
