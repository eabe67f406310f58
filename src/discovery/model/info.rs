//! The engine itself.

use serde::Deserialize;

use super::null::or_default;

/// `GET /info`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Info {
    /// The engine's host name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub swarm: SwarmInfo,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SwarmInfo {
    /// `inactive`, `pending`, `active`, `error` or `locked`; empty if the engine does not support Swarm.
    pub local_node_state: String,
    /// Whether this node is a manager, which can list the tasks of the whole Swarm.
    pub control_available: bool,
}
