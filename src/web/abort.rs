//! How a handler closes its client's connection without an answer.
//!
//! A handler can only answer. So its response bears a mark, and [`abort_if_marked`], outside the router, exchanges a response with
//! the mark for an error: hyper then closes the connection and sends nothing.

use std::convert::Infallible;

use axum::response::{IntoResponse, Response as AxumResponse};
use http::{Response, StatusCode};

/// The error that ends the connection.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the service hangs up on purpose")]
pub struct ConnectionAborted;

/// A response that will not be sent.
pub fn response() -> AxumResponse {
    // The status is for layers that look at it on its way out; no client sees it.
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(ConnectionAborted);
    response
}

/// Makes the error of a response with the mark.
///
/// # Errors
///
/// Fails with [`ConnectionAborted`] if the response has the mark.
pub fn abort_if_marked<B>(result: Result<Response<B>, Infallible>) -> Result<Response<B>, ConnectionAborted> {
    let Ok(response) = result;
    match response.extensions().get::<ConnectionAborted>() {
        Some(aborted) => Err(*aborted),
        None => Ok(response),
    }
}

impl From<Infallible> for ConnectionAborted {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
