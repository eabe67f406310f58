//! Settings of `observer serve`.

use std::net::SocketAddr;

use clap::Args;
use command_line::LogSettings;

use crate::{
    control::ControlSettings, faults::FaultSettings, lorem::LoremSettings, peer::PeerSettings, settings::name,
    store::DatabaseSettings, web::limits::Limits,
};

/// Settings of `observer serve`.
#[derive(Args, Clone, Debug)]
pub struct ServiceSettings {
    /// Name of this instance, in its logs and on its page
    #[arg(long, env = "OBSERVER_NAME", default_value = "app", value_parser = name)]
    pub name: String,

    /// Address to listen on; port 0 takes any free port
    #[arg(
        long,
        env = "OBSERVER_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: SocketAddr,

    /// Largest request body, in bytes
    #[arg(long, env = "OBSERVER_BODY_LIMIT", default_value = "1048576", value_name = "BYTES")]
    pub body_limit: usize,

    #[command(flatten)]
    pub limits: Limits,

    #[command(flatten)]
    pub database: DatabaseSettings,

    #[command(flatten)]
    pub peer: PeerSettings,

    #[command(flatten)]
    pub faults: FaultSettings,

    #[command(flatten)]
    pub control: ControlSettings,

    #[command(flatten)]
    pub lorem: LoremSettings,

    #[command(flatten, next_help_heading = "Logs")]
    pub log: LogSettings,
}
