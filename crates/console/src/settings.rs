//! Settings of the console.

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use clap::Parser;
use command_line::{LogSettings, http_url};
use loopback_guard::{Access, Token, UnprotectedAddress};
use reqwest::Url;

/// The whole stack in one browser page: dashboards, queries, alerts, targets.
///
/// Every setting is a flag and an environment variable; the flag takes precedence. An empty variable is unset.
#[derive(Clone, Debug, Parser)]
#[command(name = "observer-console", version, max_term_width = 100)]
pub struct ConsoleSettings {
    /// Address to listen on; port 0 takes any free port
    #[arg(
        long,
        env = "OBSERVER_CONSOLE_LISTEN",
        default_value = "127.0.0.1:8000",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: SocketAddr,

    /// Bearer token of the API; required unless the address is loopback
    #[arg(long, env = "OBSERVER_CONSOLE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<Token>,

    /// Folder of Grafana dashboards, one JSON file each; read again when they change
    #[arg(
        long,
        env = "OBSERVER_CONSOLE_DASHBOARDS",
        default_value = "grafana/source/dashboards",
        value_name = "FOLDER"
    )]
    pub dashboards: PathBuf,

    /// Scrape interval of Prometheus in seconds, the lower limit of a graph's resolution
    #[arg(long, env = "OBSERVER_CONSOLE_SCRAPE_INTERVAL", default_value_t = 5, value_name = "SECONDS",
          value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub scrape_interval: u32,

    /// Prometheus, as the console reaches it
    #[arg(long, env = "OBSERVER_CONSOLE_PROMETHEUS_URL", default_value = "http://127.0.0.1:9090",
          value_parser = base_url, value_name = "URL")]
    pub prometheus_url: Url,

    /// Alertmanager, as the console reaches it
    #[arg(long, env = "OBSERVER_CONSOLE_ALERTMANAGER_URL", default_value = "http://127.0.0.1:9093",
          value_parser = base_url, value_name = "URL")]
    pub alertmanager_url: Url,

    /// The pager, as the console reaches it
    #[arg(long, env = "OBSERVER_CONSOLE_PAGER_URL", default_value = "http://127.0.0.1:8090",
          value_parser = base_url, value_name = "URL")]
    pub pager_url: Url,

    /// Grafana, as the console reaches it; linked to where it answers
    #[arg(long, env = "OBSERVER_CONSOLE_GRAFANA_URL", value_parser = base_url, value_name = "URL")]
    pub grafana_url: Option<Url>,

    /// Address of a part as a browser reaches it, such as app=http://127.0.0.1:8080; one for each part
    #[arg(
        long = "link",
        env = "OBSERVER_CONSOLE_LINKS",
        value_delimiter = ',',
        value_name = "NAME=URL"
    )]
    pub links: Vec<Link>,

    #[command(flatten, next_help_heading = "Logs")]
    pub log: LogSettings,
}

impl ConsoleSettings {
    /// Returns the condition for access.
    ///
    /// # Errors
    ///
    /// Fails if the address is not loopback and no token is set.
    pub fn access(&self) -> Result<Access, UnprotectedListen> {
        Ok(Access::of(self.listen, self.token.as_ref())?)
    }
}

/// A listen address that others can reach, without a token.
#[derive(Debug)]
pub struct UnprotectedListen(UnprotectedAddress);

impl From<UnprotectedAddress> for UnprotectedListen {
    fn from(address: UnprotectedAddress) -> Self {
        Self(address)
    }
}

impl std::fmt::Display for UnprotectedListen {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "--listen: {}:8000, or a --token (OBSERVER_CONSOLE_TOKEN) beside it",
            self.0
        )
    }
}

/// The address of a part, as a browser reaches it.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub name: String,
    pub url: Url,
}

impl FromStr for Link {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, url) = text
            .split_once('=')
            .filter(|(name, _)| !name.trim().is_empty())
            .ok_or("expected NAME=URL, such as app=http://127.0.0.1:8080")?;
        Ok(Self {
            name: name.trim().to_owned(),
            url: base_url(url)?,
        })
    }
}

/// Parses the URL of a part: `http://`, without a query.
fn base_url(text: &str) -> Result<Url, String> {
    let url = http_url(text)?;
    if url.query().is_some() {
        return Err("expected a URL without a query, such as http://127.0.0.1:9090".to_owned());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_a_name_and_an_http_url() {
        let link: Link = "faults of app=http://127.0.0.1:9901".parse().expect("valid");
        assert_eq!(link.name, "faults of app");
        for wrong in [
            "http://127.0.0.1:9901",
            "=http://a",
            "app=",
            "app=https://a",
            "app=javascript:alert(1)",
        ] {
            assert!(wrong.parse::<Link>().is_err(), "{wrong}");
        }
    }
}
