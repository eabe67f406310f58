//! Structured logs on standard error.

use std::io;

use command_line::{LogFormat, LogSettings};
use tracing_subscriber::{Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::web::request_log::WithRequest;

/// Installs the global logger.
///
/// # Panics
///
/// Panics if a global logger is already installed.
pub fn install(settings: &LogSettings) {
    let lines = fmt::layer().with_writer(io::stderr);
    let lines = match settings.log_format {
        LogFormat::Text => lines.map_event_format(WithRequest::text).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .map_event_format(WithRequest::json)
            .boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(settings.log_filter.clone()))
        .init();
}
