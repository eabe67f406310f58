//! `GET,POST /echo`: by default it fails now and then, without a delay.

use crate::service::payload::Payload;

/// Returns the request's body.
pub async fn echo(payload: Payload) -> Payload {
    payload
}
