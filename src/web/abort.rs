//! How a handler closes its client's connection without an answer.
//!
//! A handler can only return a response. So it marks one, and [`abort_if_marked`], outside the router, replaces the marked
//! response with an error: hyper then closes the connection and sends nothing.

use std::convert::Infallible;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

/// The error that closes the connection, and the mark on a response that becomes this error.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the service closes the connection on purpose")]
pub struct ConnectionAborted;

/// Returns a marked response, which is never sent.
pub fn response() -> Response {
    // Only middleware between the handler and `abort_if_marked` sees this status.
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(ConnectionAborted);
    response
}

/// Returns whether the response is marked.
pub fn is_marked<B>(response: &http::Response<B>) -> bool {
    response.extensions().get::<ConnectionAborted>().is_some()
}

/// Turns a marked response into an error.
pub fn abort_if_marked(result: Result<Response, Infallible>) -> Result<Response, ConnectionAborted> {
    let Ok(response) = result;
    if is_marked(&response) {
        return Err(ConnectionAborted);
    }
    Ok(response)
}

/// What `ServiceBuilder::map_result` asks for.
impl From<Infallible> for ConnectionAborted {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
