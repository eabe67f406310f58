//! `GET,POST /lorem/{kind}/{min}/{max}`: filler text, from a service with metrics of its own.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use serde::Serialize;

use crate::{
    lorem::{Kind, Length},
    service::state::App,
    web::problem::Problem,
};

/// The route's template.
pub const PATH: &str = "/lorem/{kind}/{min}/{max}";

/// The response.
#[derive(Debug, Serialize)]
pub struct Message {
    message: String,
}

/// Returns a text of the given kind and length. Invalid arguments are refused before they count as a call.
pub async fn show(
    State(app): State<App>,
    path: Result<Path<(String, String, String)>, PathRejection>,
) -> Result<Json<Message>, Problem> {
    let Path((kind, min, max)) = path.map_err(|_| Problem::bad_request("The path is not valid UTF-8."))?;
    let kind = Kind::from_name(&kind).ok_or_else(|| unknown(&kind))?;
    let length = Length::parse(&min, &max).map_err(|error| Problem::bad_request(format!("{error}.")))?;
    let message = kind
        .call(&*app.lorem, length)
        .map_err(|limited| Problem::too_many_requests(limited.retry_after))?;
    Ok(Json(Message { message }))
}

fn unknown(kind: &str) -> Problem {
    let found: String = kind.chars().take(20).collect();
    let [first, second, third] = Kind::ALL.map(Kind::as_str);
    Problem::bad_request(format!("kind is {found:?}; expected {first}, {second} or {third}."))
}
