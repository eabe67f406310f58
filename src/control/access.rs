//! Access control of the control listener, as middleware.

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use loopback_guard::{Access, Refusal};

use crate::web::problem::Problem;

/// Middleware that requires a loopback `Host` header while [`Access::Loopback`] is in use.
pub async fn require_loopback_host(State(access): State<Access>, request: Request, next: Next) -> Response {
    match access.check_host(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => reply(refusal),
    }
}

/// Middleware that requires the token if one is set, and of a browser the control page's own origin.
pub async fn require_token(State(access): State<Access>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    match access.check_token(headers).and_then(|()| access.check_origin(headers)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => reply(refusal),
    }
}

fn reply(refusal: Refusal) -> Response {
    let challenge = (refusal == Refusal::NoToken).then_some([(header::WWW_AUTHENTICATE, Refusal::CHALLENGE)]);
    (challenge, Problem::new(refusal.status(), refusal.to_string())).into_response()
}
