//! A request's body, returned as the response.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

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
        // The server has read the whole body within its limits, so a client cannot make this fail.
        let body = request.into_body().collect().await.map_err(|_| Problem::internal())?;
        Ok(Self(body.to_bytes()))
    }
}

impl IntoResponse for Payload {
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
