//! `GET,POST /ping`: what the peers call; by default it fails now and then and takes its time.

use crate::service::payload::Payload;

/// Returns the request's body.
pub async fn pong(payload: Payload) -> Payload {
    payload
}
