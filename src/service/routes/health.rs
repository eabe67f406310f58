//! `GET /healthz` and `GET /readyz`: the liveness and readiness probes.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{service::state::App, store::NotReady, web::problem::Problem};

/// The response of a successful probe.
#[derive(Debug, Serialize)]
pub struct Status {
    status: &'static str,
}

/// Liveness: the process responds. Checks nothing else, because a restart would not repair another part.
pub async fn alive() -> Json<Status> {
    Json(Status { status: "alive" })
}

/// Readiness: the database can serve the counter, and the process is not shutting down.
pub async fn ready(State(app): State<App>) -> Result<Json<Status>, Problem> {
    if app.shutdown.is_set() {
        return Err(Problem::unavailable("Not ready: shutting down."));
    }
    match app.store.check().await {
        Ok(()) => Ok(Json(Status { status: "ready" })),
        Err(reason) => Err(Problem::unavailable(match reason {
            NotReady::Away => "Not ready: postgres is away; it does not respond in time.",
            NotReady::ReadOnly => "Not ready: postgres is read-only.",
            NotReady::SchemaMissing => "Not ready: postgres has its schema missing; `observer migrate` creates it.",
            NotReady::PermissionDenied => "Not ready: postgres denies permission to update the counter.",
        })),
    }
}
