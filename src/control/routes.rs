//! What the control listener serves.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    middleware::from_fn_with_state,
    routing::{MethodRouter, get},
};
use serde::Serialize;
use tracing::{info, warn};

use super::access::{self, Access};
use crate::{
    faults::{FaultPlan, Origin, PlanChange, PlanInForce, PlanSwitch},
    metrics::{MonitoredRouter, Monitoring},
    web::problem::Problem,
};

/// What the handlers share. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Panel {
    pub switch: Arc<PlanSwitch>,
}

/// All routes of the control listener.
pub fn monitored(access: &Access) -> MonitoredRouter<Panel> {
    let open = |handlers: MethodRouter<Panel>| handlers.layer(from_fn_with_state(access.clone(), access::this_machine));
    let closed =
        |handlers: MethodRouter<Panel>| open(handlers.layer(from_fn_with_state(access.clone(), access::token)));
    MonitoredRouter::new().route(
        "/faults",
        closed(get(show).put(replace).delete(restore)),
        Monitoring::off(),
    )
}

/// The plan in force, as the API tells of it.
#[derive(Debug, Serialize)]
struct Overview {
    plan: FaultPlan,
    /// Absent where it does not end by itself.
    ends_in_seconds: Option<f64>,
    origin: Origin,
}

impl From<PlanInForce> for Overview {
    fn from(in_force: PlanInForce) -> Self {
        Self {
            plan: in_force.plan,
            ends_in_seconds: in_force.ends_in().map(|left| left.as_secs_f64()),
            origin: in_force.origin,
        }
    }
}

async fn show(State(panel): State<Panel>) -> Json<Overview> {
    Json(Overview::from(**panel.switch.in_force()))
}

/// Takes JSON whatever its declared type is: `curl --data` declares a form.
async fn replace(State(panel): State<Panel>, body: Result<Bytes, BytesRejection>) -> Result<Json<Overview>, Problem> {
    let body = body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let change = PlanChange::parse(&body).map_err(|error| Problem::bad_request(error.to_string()))?;
    let in_force = panel
        .switch
        .replace(change.plan(panel.switch.startup()), change.lasts());
    warn!(plan = ?in_force.plan, lasts = ?change.lasts(), "another fault plan is in force");
    Ok(Json(Overview::from(in_force)))
}

async fn restore(State(panel): State<Panel>) -> Json<Overview> {
    info!("the start-up plan of the faults is in force again");
    Json(Overview::from(panel.switch.restore()))
}
