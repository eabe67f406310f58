//! Errors as `application/problem+json` (RFC 9457).
//!
//! The policy: a client learns what it did wrong, or that it may try again. What went wrong inside goes to the log,
//! never into a reply: a [`Problem`] consists of constant texts, or of what the client itself sent.

use std::{borrow::Cow, time::Duration};

use axum::{
    Extension, Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// An error reply.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// The status' standard phrase.
    title: &'static str,
    /// The status, as in the reply's head.
    status: u16,
    /// An explanation for people.
    detail: Cow<'static, str>,
    /// Present and true if the failure was injected on purpose.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    injected: bool,
    #[serde(skip)]
    status_code: StatusCode,
    #[serde(skip)]
    retry_after_seconds: Option<u32>,
    #[serde(skip)]
    turned_away: bool,
}

/// An extension of a reply to a request that was rejected under overload, for outer middleware.
#[derive(Clone, Copy, Debug)]
pub struct TurnedAway;

impl Problem {
    /// Creates a problem of this status.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            status_code: status,
            detail: detail.into(),
            injected: false,
            retry_after_seconds: None,
            turned_away: false,
        }
    }

    /// 400: the request is invalid; `detail` names the field and what was expected.
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 404: no route has this path.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Nothing is served at this path.")
    }

    /// 405: the path does not serve this method. The router adds the Allow header.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "This path does not serve this method; the Allow header lists those that it serves.",
        )
    }

    /// 429: there were too many requests. The client may try again after this time.
    pub fn too_many_requests(retry_after: Duration) -> Self {
        // In whole seconds, the header's unit: rounded up, so that the next request is not refused again.
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        Self {
            retry_after_seconds: Some(u32::try_from(seconds).unwrap_or(u32::MAX).max(1)),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "There were too many requests lately; the Retry-After header says when to try again.",
            )
        }
    }

    /// 500: the service failed; the log says why.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The service failed; its log says why, under this reply's x-request-id.",
        )
    }

    /// A failure that was injected on purpose.
    pub fn injected(status: StatusCode) -> Self {
        Self {
            injected: true,
            ..Self::new(status, "This failure was injected on purpose, by the fault plan.")
        }
    }

    /// 503: the service is overloaded. The reply has the extension [`TurnedAway`].
    pub fn overloaded(detail: &'static str) -> Self {
        Self {
            turned_away: true,
            ..Self::unavailable(detail)
        }
    }

    /// 503: a dependency is unavailable for the moment.
    pub fn unavailable(detail: &'static str) -> Self {
        Self {
            retry_after_seconds: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let content_type = [(header::CONTENT_TYPE, "application/problem+json")];
        let retry_after = self.retry_after_seconds.map(|seconds| [(header::RETRY_AFTER, seconds)]);
        let turned_away = self.turned_away.then_some(Extension(TurnedAway));
        (self.status_code, content_type, retry_after, turned_away, Json(self)).into_response()
    }
}
