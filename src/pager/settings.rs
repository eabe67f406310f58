//! The settings of `observer pager`.

use std::net::SocketAddr;

use clap::Args;

use crate::logging::LogSettings;

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

    #[command(flatten, next_help_heading = "Logs")]
    pub log: LogSettings,
}
