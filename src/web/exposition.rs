//! The reply to a scrape.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use prometheus::Registry;
use tracing::error;

use super::problem::Problem;
use crate::metrics::{CONTENT_TYPE, encode};

/// All metrics of the registry.
pub fn reply(registry: &Registry) -> Response {
    match encode(registry) {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            error!(%error, "cannot encode the metrics");
            Problem::internal().into_response()
        }
    }
}
