//! The settings of `observer pager`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use reqwest::Url;

use crate::{logging::LogSettings, settings::http_url, web::limits::Limits};

/// All that the pager can be told.
#[derive(Args, Clone, Debug)]
pub struct PagerSettings {
    /// Where to listen
    #[arg(
        long,
        env = "OBSERVER_PAGER_LISTEN",
        default_value = "127.0.0.1:8090",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: SocketAddr,

    /// The file that keeps every notification; made if it is not there, only ever added to
    #[arg(
        long,
        env = "OBSERVER_PAGER_LEDGER",
        default_value = "pager-ledger.jsonl",
        value_name = "FILE"
    )]
    pub ledger: PathBuf,

    /// How old the last heartbeat of the monitoring may be before the pager raises MonitoringDown by itself
    #[arg(long, env = "OBSERVER_PAGER_HEARTBEAT_TIMEOUT", default_value = "3m", value_parser = humantime::parse_duration,
          value_name = "DURATION")]
    pub heartbeat_timeout: Duration,

    #[command(flatten)]
    pub limits: Limits,

    #[command(flatten)]
    pub webhook: WebhookSettings,

    #[command(flatten, next_help_heading = "Logs")]
    pub log: LogSettings,
}

/// Where pages are handed on to.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Hand on")]
pub struct WebhookSettings {
    /// A webhook of yours that gets each page, when it fires and when it is resolved; without it nothing is handed on
    #[arg(long = "hand-on-url", env = "OBSERVER_PAGER_HAND_ON_URL", value_parser = http_url, value_name = "URL")]
    pub url: Option<Url>,

    /// What the webhook gets
    #[arg(long = "hand-on-format", env = "OBSERVER_PAGER_HAND_ON_FORMAT", value_enum, default_value_t = WebhookFormat::Json)]
    pub format: WebhookFormat,
}

/// The form in which a page is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WebhookFormat {
    /// The page's fields as JSON
    Json,
    /// A text, as Slack's incoming webhooks and those compatible with them take it
    Slack,
}
