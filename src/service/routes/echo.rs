//! `GET,POST /echo`: returns the body; by default some requests fail.

use crate::service::payload::Payload;

/// Returns the request's body.
pub async fn echo(payload: Payload) -> Payload {
    payload
}
