//! `GET /healthz` and `GET /readyz`: the probes of whoever runs this.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{service::state::App, store::Unavailable, web::problem::Problem};

/// The reply of a probe that holds.
#[derive(Debug, Serialize)]
pub struct Status {
    status: &'static str,
}

/// Alive: the process answers. It asks nothing else, since a restart mends no other part.
pub async fn alive() -> Json<Status> {
    Json(Status { status: "alive" })
}

/// Ready for requests: the database answers, and the process has not been told to stop.
pub async fn ready(State(app): State<App>) -> Result<Json<Status>, Problem> {
    if app.shutdown.is_set() {
        return Err(Problem::unavailable("Not ready: shutting down."));
    }
    match app.store.check().await {
        Ok(()) => Ok(Json(Status { status: "ready" })),
        Err(Unavailable) => Err(Problem::unavailable(
            "Not ready: the database does not answer, or has not been migrated.",
        )),
    }
}
