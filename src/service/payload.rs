//! A request's body, and the same bytes as a reply.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use http_body::Body as _;
use http_body_util::BodyExt;

use crate::web::problem::Problem;

/// Bytes that a client sent and gets back as they are.
///
/// As a reply they are declared to be plain bytes that no browser may guess a type for: markup that somebody sends here
/// is then never run as a page of this service.
#[derive(Debug)]
pub struct Payload(Bytes);

impl<S: Send + Sync> FromRequest<S> for Payload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        // It was read before, within the limits, and is one piece: nothing is left that could fail for the client's fault.
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
    /// The headers are put in as they are. axum would check and copy a text each time, and first declare a type of its own.
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
