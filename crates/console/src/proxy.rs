//! What the pages may ask of Prometheus, Alertmanager and the pager. Nothing else is forwarded.

use axum::{
    Json,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{problem::Problem, routes::AppState};

/// GET of Prometheus' API: queries, label values, rules and targets.
pub async fn prometheus(
    State(state): State<AppState>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let segments: Vec<&str> = path.split('/').collect();
    match segments[..] {
        ["query" | "query_range" | "rules" | "targets"] | ["label", _, "values"] => {}
        _ => return Err(Problem::not_found()),
    }
    let segments: Vec<&str> = ["api", "v1"].into_iter().chain(segments).collect();
    Ok(relay(state.prometheus.get(&segments, query.as_deref()).await?))
}

/// The alerts that Alertmanager has.
pub async fn alerts(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(relay(state.alertmanager.get(&["api", "v2", "alerts"], None).await?))
}

/// The alerts in the groups in which they are notified.
pub async fn groups(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(relay(
        state.alertmanager.get(&["api", "v2", "alerts", "groups"], None).await?,
    ))
}

/// The silences, those that have ended too.
pub async fn silences(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(relay(state.alertmanager.get(&["api", "v2", "silences"], None).await?))
}

/// The firing and the resolved pages.
pub async fn pager(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(relay(state.pager.get(&["api", "pages"], None).await?))
}

/// A silence, in Alertmanager's own form.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Silence {
    matchers: Vec<Matcher>,
    starts_at: jiff::Timestamp,
    ends_at: jiff::Timestamp,
    created_by: String,
    comment: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Matcher {
    name: String,
    value: String,
    is_regex: bool,
    is_equal: bool,
}

/// Makes a silence. What is wrong with it, Alertmanager says.
pub async fn silence(State(state): State<AppState>, Json(silence): Json<Silence>) -> Result<Response, Problem> {
    let body =
        serde_json::to_string(&silence).map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(relay(state.alertmanager.post(&["api", "v2", "silences"], body).await?))
}

/// Ends a silence.
pub async fn unsilence(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, Problem> {
    Ok(relay(state.alertmanager.delete(&["api", "v2", "silence", &id]).await?))
}

/// Passes on the status and the body. Of the headers only the type: the others are about the connection upstream.
fn relay(response: reqwest::Response) -> Response {
    let status = response.status();
    let json = HeaderValue::from_static("application/json");
    let content_type = response.headers().get(header::CONTENT_TYPE).cloned().unwrap_or(json);
    let body = Body::from_stream(response.bytes_stream());
    (
        status,
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        body,
    )
        .into_response()
}
