//! Routes of the control listener.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    middleware::from_fn_with_state,
    routing::{MethodRouter, get},
};
use loopback_guard::Access;
use serde::Serialize;
use tracing::{info, warn};

use super::{access, live::LiveStats, page, state::ControlState};
use red_metrics::{MonitoredRouter, Monitoring};

use crate::{
    faults::{ActivePlan, FaultPlan, Origin, PlanChange},
    web::problem::Problem,
};

/// Returns all routes, unmeasured.
pub fn monitored(state: ControlState, access: &Access) -> MonitoredRouter<ControlState> {
    let loopback_only = |handlers: MethodRouter<ControlState>| {
        handlers.layer(from_fn_with_state(access.clone(), access::require_loopback_host))
    };
    let authorized = |handlers: MethodRouter<ControlState>| {
        loopback_only(handlers.layer(from_fn_with_state(access.clone(), access::require_token)))
    };
    MonitoredRouter::with_state(state)
        // A browser sends no token when it loads a page. These files are constant but for the name, and reveal no
        // state.
        .route("/", loopback_only(get(page::show)), Monitoring::disabled())
        .route("/page.css", loopback_only(get(page::style)), Monitoring::disabled())
        .route("/page.js", loopback_only(get(page::script)), Monitoring::disabled())
        .route("/live", authorized(get(live)), Monitoring::disabled())
        .route(
            "/faults",
            authorized(get(show).put(replace).delete(restore)),
            Monitoring::disabled(),
        )
}

/// The active plan, as the API returns it.
#[derive(Debug, Serialize)]
struct Overview {
    plan: FaultPlan,
    /// `null` if the plan does not expire.
    ends_in_seconds: Option<f64>,
    origin: Origin,
}

impl From<ActivePlan> for Overview {
    fn from(active: ActivePlan) -> Self {
        Self {
            plan: active.plan,
            ends_in_seconds: active.ends_in().map(|left| left.as_secs_f64()),
            origin: active.origin,
        }
    }
}

/// Returns the live statistics.
async fn live(State(state): State<ControlState>) -> Json<LiveStats> {
    Json(state.live.snapshot())
}

async fn show(State(state): State<ControlState>) -> Json<Overview> {
    Json(Overview::from(**state.switch.active()))
}

/// Activates a plan. Accepts JSON of any declared content type: `curl --data` declares a form.
async fn replace(
    State(state): State<ControlState>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Overview>, Problem> {
    let body = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let change = PlanChange::parse(&body).map_err(|error| Problem::bad_request(error.to_string()))?;
    let active = state
        .switch
        .replace(change.plan(state.switch.startup()), change.duration());
    warn!(plan = ?active.plan, duration = ?change.duration(), "fault plan replaced");
    Ok(Json(Overview::from(active)))
}

async fn restore(State(state): State<ControlState>) -> Json<Overview> {
    info!("the start-up fault plan is restored");
    Json(Overview::from(state.switch.restore()))
}
