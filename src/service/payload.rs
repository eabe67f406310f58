//! A request's body, and the same bytes as a reply.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
    response::{IntoResponse, Response},
};

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
        // The body buffer has read it before, within the limits: a failure here is not the client's.
        let body = request.into_body().collect().await.map_err(|_| Problem::internal())?;
        Ok(Self(body.to_bytes()))
    }
}

impl IntoResponse for Payload {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "application/octet-stream"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (headers, self.0).into_response()
    }
}
