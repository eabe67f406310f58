//! `GET,POST /ping`: returns the body; by default some requests fail and all are delayed.

use crate::service::payload::Payload;

/// Returns the request's body.
pub async fn pong(payload: Payload) -> Payload {
    payload
}
