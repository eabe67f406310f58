//! Containers of an engine.

use std::collections::HashMap;

use serde::Deserialize;

use super::{labels::Labels, null::or_default};

/// An element of `GET /containers/json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Container {
    pub id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub names: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub state: String,
    #[serde(default, deserialize_with = "or_default")]
    pub labels: Labels,
    #[serde(default, deserialize_with = "or_default")]
    pub ports: Vec<Port>,
    #[serde(default, deserialize_with = "or_default")]
    pub network_settings: NetworkSettings,
}

#[derive(Debug, Deserialize)]
pub struct Port {
    /// The port inside the container.
    #[serde(rename = "PrivatePort")]
    pub private: u16,
    /// The port on the host, if it is published.
    #[serde(rename = "PublicPort")]
    pub public: Option<u16>,
    #[serde(rename = "Type")]
    pub protocol: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkSettings {
    /// Attachments by network name.
    #[serde(default, deserialize_with = "or_default")]
    pub networks: HashMap<String, Attachment>,
}

#[derive(Debug, Deserialize)]
pub struct Attachment {
    /// Empty if the container shares the host's network, or has none.
    #[serde(rename = "IPAddress", default, deserialize_with = "or_default")]
    pub address: String,
    #[serde(rename = "GlobalIPv6Address", default, deserialize_with = "or_default")]
    pub address_v6: String,
}
