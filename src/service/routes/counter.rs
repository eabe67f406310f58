//! `GET /counter`: the count that all instances share.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{service::state::App, store::Unavailable, web::problem::Problem};

/// The reply.
#[derive(Debug, Serialize)]
pub struct Count {
    count: i64,
}

/// Adds one and returns the new count, a number that no other call gets.
pub async fn next(State(app): State<App>) -> Result<Json<Count>, Problem> {
    match app.store.counter().next().await {
        Ok(count) => Ok(Json(Count { count })),
        Err(Unavailable) => Err(Problem::unavailable(
            "The counter's database does not answer; nothing that was counted is lost.",
        )),
    }
}
