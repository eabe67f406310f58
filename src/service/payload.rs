//! A request's body, returned as the response.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use http_body::Body as _;
use http_body_util::BodyExt;

use crate::web::problem::Problem;

/// The bytes of a request's body.
///
/// The response declares them as plain bytes that a browser must not sniff: markup in a request is never run as a page
/// of this service.
#[derive(Debug)]
pub struct Payload(Bytes);

impl<S: Send + Sync> FromRequest<S> for Payload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        // The server has read the whole body within its limits. It is a single frame, so a client cannot make this
        // fail.
        let mut body = request.into_body();
        let bytes = match body.frame().await {
            None => Bytes::new(),
            Some(frame) => frame
                .ok()
                .filter(|_| body.is_end_stream())
                .and_then(|frame| frame.into_data().ok())
                .ok_or_else(Problem::internal)?,
        };
        Ok(Self(bytes))
    }
}

impl IntoResponse for Payload {
    /// Inserts static headers. axum's tuples would validate and copy each value, and set another content type first.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.0));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        );
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}
