//! What Docker answers, as far as it is used, and the one way from there to target groups.
//!
//! Only the fields that matter are read: whatever else an engine of another version says is skipped, and costs no
//! memory. Go writes an empty list as `null`, and leaves empty fields out: both are read as empty.

use std::collections::HashMap;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::{
    groups::TargetGroups,
    plain,
    selection::Selection,
    swarm::{self, Swarm},
};

/// What Docker answered in one poll: JSON, as it came.
#[derive(Clone, Debug)]
pub enum Answers {
    /// An engine by itself.
    Plain {
        /// The engine's host.
        node: String,
        /// `GET /containers/json`
        containers: Bytes,
    },
    /// A manager of a Swarm.
    Swarm {
        /// `GET /services`
        services: Bytes,
        /// `GET /tasks`
        tasks: Bytes,
        /// `GET /nodes`; only needed for the label `node`.
        nodes: Option<Bytes>,
    },
}

/// An answer that is not what Docker's API promises.
#[derive(Debug, thiserror::Error)]
#[error("the answer of {call} is not understood: {source}")]
pub struct BadAnswer {
    call: &'static str,
    source: serde_json::Error,
}

/// Makes target groups of what Docker answered. The same answers give the same groups in the same order.
///
/// # Errors
///
/// Fails if an answer is not JSON of the promised shape.
pub fn target_groups(answers: &Answers, selection: &Selection) -> Result<TargetGroups, BadAnswer> {
    match answers {
        Answers::Plain { node, containers } => {
            let containers: Vec<Container> = parse("GET /containers/json", containers)?;
            Ok(plain::target_groups(node, &containers, selection))
        }
        Answers::Swarm { services, tasks, nodes } => {
            let services: Vec<Service> = parse("GET /services", services)?;
            let tasks: Vec<Task> = parse("GET /tasks", tasks)?;
            let nodes: Vec<Node> = match nodes {
                Some(nodes) => parse("GET /nodes", nodes)?,
                None => Vec::new(),
            };
            Ok(swarm::target_groups(&Swarm::new(&services, &nodes), &tasks, selection))
        }
    }
}

/// Reads the answer of a call.
pub fn parse<T: DeserializeOwned>(call: &'static str, answer: &[u8]) -> Result<T, BadAnswer> {
    serde_json::from_slice(answer).map_err(|source| BadAnswer { call, source })
}

/// `GET /info`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Info {
    /// The engine's host.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    #[serde(default, deserialize_with = "or_default")]
    pub swarm: SwarmInfo,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SwarmInfo {
    /// `inactive`, `pending`, `active`, `error` or `locked`; empty where an engine knows of no Swarm.
    pub local_node_state: String,
    /// Whether this node is a manager, and can be asked about the whole Swarm.
    pub control_available: bool,
}

/// One of `GET /containers/json`.
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

/// The labels that say something here. They can be on a container, on a service, or on both.
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

#[derive(Debug, Deserialize)]
pub struct Port {
    /// The port inside the container.
    #[serde(rename = "PrivatePort")]
    pub private: u16,
    /// The port of the host, where it is published.
    #[serde(rename = "PublicPort")]
    pub public: Option<u16>,
    #[serde(rename = "Type")]
    pub protocol: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NetworkSettings {
    /// By the network's name.
    #[serde(default, deserialize_with = "or_default")]
    pub networks: HashMap<String, Attachment>,
}

#[derive(Debug, Deserialize)]
pub struct Attachment {
    /// Empty where the container shares the host's network, or has none.
    #[serde(rename = "IPAddress", default, deserialize_with = "or_default")]
    pub address: String,
    #[serde(rename = "GlobalIPv6Address", default, deserialize_with = "or_default")]
    pub address_v6: String,
}

/// One of `GET /services`.
#[derive(Debug, Deserialize)]
pub struct Service {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "Spec")]
    pub spec: ServiceSpec,
    #[serde(rename = "Endpoint", default, deserialize_with = "or_default")]
    pub endpoint: Endpoint,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServiceSpec {
    pub name: String,
    /// Of the service: `deploy.labels` in a stack file.
    #[serde(default, deserialize_with = "or_default")]
    pub labels: Labels,
    #[serde(default, deserialize_with = "or_default")]
    pub task_template: TaskTemplate,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaskTemplate {
    #[serde(default, deserialize_with = "or_default")]
    pub container_spec: ContainerSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerSpec {
    /// Of each container: `labels` in a stack file.
    #[serde(default, deserialize_with = "or_default")]
    pub labels: Labels,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Endpoint {
    #[serde(default, deserialize_with = "or_default")]
    pub ports: Vec<EndpointPort>,
}

/// A port that a service publishes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointPort {
    #[serde(default, deserialize_with = "or_default")]
    pub protocol: String,
    /// The port inside each container.
    pub target_port: u16,
}

/// One of `GET /tasks`.
#[derive(Debug, Deserialize)]
pub struct Task {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "ServiceID", default, deserialize_with = "or_default")]
    pub service_id: String,
    #[serde(rename = "NodeID", default, deserialize_with = "or_default")]
    pub node_id: String,
    /// Which of the replicas; absent in a global service.
    #[serde(rename = "Slot", default)]
    pub slot: Option<u64>,
    #[serde(rename = "Status", default, deserialize_with = "or_default")]
    pub status: TaskStatus,
    #[serde(rename = "NetworksAttachments", default, deserialize_with = "or_default")]
    pub networks: Vec<TaskAttachment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskStatus {
    pub state: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaskAttachment {
    #[serde(default, deserialize_with = "or_default")]
    pub network: Network,
    /// With the length of the network's prefix, such as `10.0.0.116/24`.
    #[serde(default, deserialize_with = "or_default")]
    pub addresses: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Network {
    #[serde(default, deserialize_with = "or_default")]
    pub spec: NetworkSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkSpec {
    pub name: String,
    /// Whether it is the one that leads published ports to the tasks.
    pub ingress: bool,
}

/// One of `GET /nodes`.
#[derive(Debug, Deserialize)]
pub struct Node {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "Description", default, deserialize_with = "or_default")]
    pub description: NodeDescription,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeDescription {
    pub hostname: String,
}

/// `null` is read as what a missing field is.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
