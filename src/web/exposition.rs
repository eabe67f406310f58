//! The metrics that every server of this crate has, and the reply to a scrape.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use prometheus::Registry;
use tracing::error;

use super::problem::Problem;
use crate::{
    build_info,
    metrics::{self, CONTENT_TYPE, encode},
};

/// A registry with the metrics of the build, the process and the runtime.
///
/// # Errors
///
/// None in practice: the registry is empty before.
pub fn registry() -> prometheus::Result<Registry> {
    let registry = Registry::new();
    build_info::register(&registry)?;
    metrics::runtime::register(&registry)?;
    #[cfg(target_os = "linux")]
    metrics::process::register(&registry)?;
    Ok(registry)
}

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
