//! Settings of `observer pager`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use reqwest::Url;

use super::runbooks::RunbookSettings;
use crate::{logging::LogSettings, settings::http_url, web::limits::Limits};

/// Settings of `observer pager`.
#[derive(Args, Clone, Debug)]
pub struct PagerSettings {
    /// Address to listen on
    #[arg(
        long,
        env = "OBSERVER_PAGER_LISTEN",
        default_value = "127.0.0.1:8090",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: SocketAddr,

    /// Append-only file of all notifications; created if it does not exist
    #[arg(
        long,
        env = "OBSERVER_PAGER_LEDGER",
        default_value = "pager-ledger.jsonl",
        value_name = "FILE"
    )]
    pub ledger: PathBuf,

    /// Age of the monitoring's last heartbeat at which the pager raises MonitoringDown
    #[arg(long, env = "OBSERVER_PAGER_HEARTBEAT_TIMEOUT", default_value = "3m", value_parser = humantime::parse_duration,
          value_name = "DURATION")]
    pub heartbeat_timeout: Duration,

    #[command(flatten)]
    pub limits: Limits,

    #[command(flatten)]
    pub webhook: WebhookSettings,

    #[command(flatten)]
    pub runbooks: RunbookSettings,

    #[command(flatten, next_help_heading = "Logs")]
    pub log: LogSettings,
}

/// The webhook that pages are forwarded to.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Webhook")]
pub struct WebhookSettings {
    /// Webhook that each page is forwarded to, when it fires and when it is resolved; without it nothing is forwarded
    #[arg(long = "hand-on-url", env = "OBSERVER_PAGER_HAND_ON_URL", value_parser = http_url, value_name = "URL")]
    pub url: Option<Url>,

    /// Format of forwarded pages
    #[arg(long = "hand-on-format", env = "OBSERVER_PAGER_HAND_ON_FORMAT", value_enum, default_value_t = WebhookFormat::Json)]
    pub format: WebhookFormat,
}

/// The format of a forwarded page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WebhookFormat {
    /// The page's fields as JSON
    Json,
    /// A message for Slack's incoming webhooks and compatible ones
    Slack,
}
