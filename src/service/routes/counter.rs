//! `GET /counter`: the counter that all instances share.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{service::state::App, store::Unavailable, web::problem::Problem};

/// The response.
#[derive(Debug, Serialize)]
pub struct Count {
    count: i64,
}

/// Adds one and returns the new count, which is unique.
pub async fn next(State(app): State<App>) -> Result<Json<Count>, Problem> {
    match app.store.counter().next().await {
        Ok(count) => Ok(Json(Count { count })),
        Err(Unavailable) => Err(Problem::unavailable(
            "The counter's database does not respond; no count is lost.",
        )),
    }
}
