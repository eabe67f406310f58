//! Settings of `observer discover`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use command_line::LogSettings;

use super::{
    endpoint::DockerHost,
    selection::{ExtraLabel, Selection},
};
use crate::web::limits::Limits;

/// Settings of `observer discover`.
#[derive(Args, Clone, Debug)]
pub struct DiscoverSettings {
    /// File to write for Prometheus' `file_sd_configs`; its folder must exist
    #[arg(
        long,
        env = "OBSERVER_DISCOVERY_FILE",
        required_unless_present = "listen",
        value_name = "FILE"
    )]
    pub file: Option<PathBuf>,

    /// Address to serve /targets for Prometheus' `http_sd_configs`, and /metrics; without it nothing is served
    #[arg(long, env = "OBSERVER_DISCOVERY_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Interval between polls of Docker; it is also polled at startup and after each of its events
    #[arg(long, env = "OBSERVER_DISCOVERY_INTERVAL", default_value = "15s", value_parser = interval,
          value_name = "DURATION")]
    pub interval: Duration,

    /// Docker's API, directly or through a proxy: `unix:///path` or `tcp://host:port`; GET requests only
    #[arg(
        long,
        env = "DOCKER_HOST",
        default_value = "unix:///var/run/docker.sock",
        value_name = "URL"
    )]
    pub docker_host: DockerHost,

    /// Whether to list the tasks of a Swarm or the containers of one engine
    #[arg(long, env = "OBSERVER_DISCOVERY_MODE", value_enum, default_value_t = Mode::Auto)]
    pub mode: Mode,

    #[command(flatten)]
    pub selection: SelectionSettings,

    #[command(flatten)]
    pub limits: Limits,

    #[command(flatten, next_help_heading = "Logs")]
    pub log: LogSettings,
}

/// Which containers become targets, and with which labels.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Selection")]
pub struct SelectionSettings {
    /// Only containers on this network, by their address there; by default the first network of each, by name
    #[arg(long, env = "OBSERVER_DISCOVERY_NETWORK", value_name = "NAME")]
    network: Option<String>,

    /// Services to exclude
    #[arg(
        long,
        alias = "ignoredServices",
        env = "OBSERVER_DISCOVERY_IGNORED_SERVICES",
        value_delimiter = ',',
        value_name = "NAME,..."
    )]
    ignored_services: Vec<String>,

    /// Without Swarm: only containers of this Compose project; by default all projects, and containers with prometheus.port
    #[arg(long, env = "OBSERVER_DISCOVERY_COMPOSE_PROJECT", value_name = "NAME")]
    compose_project: Option<String>,

    /// Labels in addition to `task`, the service's name
    #[arg(
        long,
        env = "OBSERVER_DISCOVERY_LABELS",
        value_enum,
        value_delimiter = ',',
        value_name = "LABEL,..."
    )]
    labels: Vec<ExtraLabel>,
}

/// What to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Tasks if the engine manages a Swarm, else containers
    Auto,
    /// The running tasks of a Swarm
    Swarm,
    /// The containers of one engine
    Plain,
}

impl SelectionSettings {
    /// Returns the selection that these settings describe.
    pub fn to_selection(&self) -> Selection {
        Selection {
            network: self.network.clone(),
            ignored_services: self
                .ignored_services
                .iter()
                .map(|name| name.trim().to_owned())
                .collect(),
            compose_project: self.compose_project.clone(),
            labels: self.labels.iter().copied().collect(),
        }
    }
}

/// Parses an interval of at least 100 ms, to bound the load on Docker.
fn interval(text: &str) -> Result<Duration, String> {
    let interval = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    if interval < Duration::from_millis(100) {
        return Err("expected at least 100ms".to_owned());
    }
    Ok(interval)
}
