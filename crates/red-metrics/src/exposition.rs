//! The text that Prometheus scrapes.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use prometheus::{Registry, TextEncoder};

/// The content type of [`encode`]'s text: Prometheus' exposition format 0.0.4.
pub const CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;

/// Encodes all metrics of the registry in Prometheus' text format.
///
/// # Errors
///
/// Fails if a collector returns a malformed family, for example one without a name.
pub fn encode(registry: &Registry) -> prometheus::Result<String> {
    TextEncoder::new().encode_to_string(&registry.gather())
}

/// The response to a scrape: all metrics of the registry, or 500 with the reason if they cannot be encoded.
///
/// The metrics are encoded on the calling thread, which takes milliseconds with a thousand series or more. A service with
/// that many calls this inside `tokio::task::spawn_blocking`.
#[must_use]
pub fn scrape(registry: &Registry) -> Response {
    match encode(registry) {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
