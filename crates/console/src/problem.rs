//! Errors as `application/problem+json` (RFC 9457).

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use loopback_guard::Refusal;
use serde::Serialize;

/// An error reply.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    title: &'static str,
    status: u16,
    detail: String,
    /// The part of the stack that did not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
    /// Since when it has not answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    #[serde(skip)]
    status_code: StatusCode,
}

impl Problem {
    /// Creates a problem of this status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            part: None,
            since: None,
            status_code: status,
        }
    }

    /// 502: a part of the stack does not answer. `since` is `None` if it did not answer one request but is healthy.
    pub fn away(part: &'static str, since: Option<Timestamp>, detail: String) -> Self {
        Self {
            part: Some(part),
            since,
            ..Self::new(StatusCode::BAD_GATEWAY, detail)
        }
    }

    /// 404: there is nothing at this path.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Nothing is served at this path.")
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.status(), refusal.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let challenge =
            (self.status_code == StatusCode::UNAUTHORIZED).then_some([(header::WWW_AUTHENTICATE, Refusal::CHALLENGE)]);
        let content_type = [(header::CONTENT_TYPE, "application/problem+json")];
        (self.status_code, content_type, challenge, Json(self)).into_response()
    }
}
