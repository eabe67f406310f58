//! Access control, as middleware.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use loopback_guard::Access;

use crate::problem::Problem;

/// Middleware of every route: a loopback listener answers only to loopback names.
pub async fn require_loopback_host(
    State(access): State<Access>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    access.check_host(request.headers())?;
    Ok(next.run(request).await)
}

/// Middleware of the API: requires the token if one is set, and of a browser the console's own origin.
pub async fn require_token(State(access): State<Access>, request: Request, next: Next) -> Result<Response, Problem> {
    access.check_token(request.headers())?;
    access.check_origin(request.headers())?;
    Ok(next.run(request).await)
}
