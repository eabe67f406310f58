//! Structured logs on standard error.

use std::io;

use clap::{Args, ValueEnum};
use tracing_subscriber::{Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Settings of the log.
#[derive(Args, Clone, Debug)]
pub struct LogSettings {
    /// Format of log lines
    #[arg(long, env = "OBSERVER_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,

    /// What to log: a level (error, warn, info, debug, trace), or a list such as info,console=debug
    #[arg(long, env = "OBSERVER_LOG_FILTER", default_value = "info")]
    log_filter: Targets,
}

/// The format of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

impl LogSettings {
    /// Installs the global logger.
    ///
    /// # Panics
    ///
    /// Panics if a global logger is already installed.
    pub fn install(&self) {
        let lines = fmt::layer().with_writer(io::stderr);
        let lines = match self.log_format {
            LogFormat::Text => lines.boxed(),
            LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        };
        tracing_subscriber::registry()
            .with(lines.with_filter(self.log_filter.clone()))
            .init();
    }
}
