//! The labels that configure the discovery.

use serde::Deserialize;

/// The labels that the discovery reads. They may be on a container, on a service, or on both.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Labels {
    #[serde(rename = "prometheus.port")]
    pub port: Option<String>,
    #[serde(rename = "prometheus.path")]
    pub path: Option<String>,
    #[serde(rename = "prometheus.ignore")]
    pub ignore: Option<String>,
    #[serde(rename = "com.docker.compose.project")]
    pub compose_project: Option<String>,
    #[serde(rename = "com.docker.compose.service")]
    pub compose_service: Option<String>,
    /// `True` for a container of `docker compose run`.
    #[serde(rename = "com.docker.compose.oneoff")]
    pub compose_oneoff: Option<String>,
    #[serde(rename = "com.docker.stack.namespace")]
    pub stack: Option<String>,
}

impl Labels {
    /// Whether a label excludes the container or the service. Any value but `false` does.
    pub fn is_ignored(&self) -> bool {
        self.ignore.as_deref().is_some_and(|value| value != "false")
    }
}
