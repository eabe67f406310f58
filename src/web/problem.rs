//! Errors as `application/problem+json` (RFC 9457).
//!
//! The policy: a client learns what it did wrong, or that it may try again. What went wrong inside goes to the log,
//! never into a reply: a [`Problem`] is made of constant texts only, or of what the client itself sent.

use std::{borrow::Cow, time::Duration};

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// An error reply.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// The status' standard phrase.
    title: &'static str,
    /// The status, as in the reply's head.
    #[serde(serialize_with = "as_number")]
    status: StatusCode,
    /// What happened here, for a person to read.
    detail: Cow<'static, str>,
    /// Present and true where the failure was injected on purpose.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    injected: bool,
    #[serde(skip)]
    retry_after_seconds: Option<u32>,
    #[serde(skip)]
    turned_away: bool,
}

/// A mark on a reply, for the layers further out: the request was turned away without any work for it.
#[derive(Clone, Copy, Debug)]
pub struct TurnedAway;

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            title: status.canonical_reason().unwrap_or("Error"),
            status,
            detail: detail.into(),
            injected: false,
            retry_after_seconds: None,
            turned_away: false,
        }
    }

    /// 400: the request does not read as it should; `detail` names the field and what was expected.
    pub fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 404: no route has this path.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Nothing is served at this path.")
    }

    /// 405: the path is there, the method is not. The router adds the Allow header.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "This path does not serve this method; the Allow header lists those that it serves.",
        )
    }

    /// 429: the client, or all together, asked too often. It may ask again after this time.
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

    /// 500: the service failed, the log knows why.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The service failed; its log says why, under this reply's x-request-id.",
        )
    }

    /// A failure on purpose.
    pub fn injected(status: StatusCode) -> Self {
        Self {
            injected: true,
            ..Self::new(status, "This failure was injected on purpose, by the fault plan.")
        }
    }

    /// 503: there is more to do than this service can. Its reply is marked as [`TurnedAway`].
    pub fn overloaded(detail: &'static str) -> Self {
        Self {
            turned_away: true,
            ..Self::unavailable(detail)
        }
    }

    /// 503: something that is needed is away for the moment.
    pub fn unavailable(detail: &'static str) -> Self {
        Self {
            retry_after_seconds: Some(1),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn as_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry_after, turned_away) = (self.status, self.retry_after_seconds, self.turned_away);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if turned_away {
            response.extensions_mut().insert(TurnedAway);
        }
        response
    }
}
