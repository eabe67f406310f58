//! Settings of `observer pager`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use command_line::LogSettings;

use super::{forward::ForwardSettings, runbooks::RunbookSettings};
use crate::web::limits::Limits;

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
    pub forward: ForwardSettings,

    #[command(flatten)]
    pub runbooks: RunbookSettings,

    #[command(flatten, next_help_heading = "Logs")]
    pub log: LogSettings,
}
