//! The metrics that every server of this crate has, and the reply to a scrape.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use prometheus::Registry;
use red_metrics::{CONTENT_TYPE, encode};
use tokio::task::spawn_blocking;
use tower_http::{CompressionLevel, compression::CompressionLayer};
use tracing::error;

use super::problem::Problem;
use crate::build_info;

/// Returns a registry with the metrics of the build, the process and the runtime.
pub fn registry() -> prometheus::Result<Registry> {
    let registry = Registry::new();
    build_info::register(&registry)?;
    red_metrics::runtime::register(&registry)?;
    #[cfg(target_os = "linux")]
    red_metrics::process::register(&registry)?;
    Ok(registry)
}

/// Returns all metrics of the registry as text.
///
/// It is written on a blocking thread: with thousands of series that takes tens of milliseconds, during which a worker
/// would serve no request.
pub async fn reply(registry: &Registry) -> Response {
    let registry = registry.clone();
    let text = spawn_blocking(move || encode(&registry)).await;
    match text.map_err(anyhow::Error::from).and_then(|text| Ok(text?)) {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            error!(%error, "cannot encode the metrics");
            Problem::internal().into_response()
        }
    }
}

/// Compression of the text for scrapers that accept gzip. The fastest level already makes it a tenth of its size.
pub fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(CompressionLevel::Fastest)
}
