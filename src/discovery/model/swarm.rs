//! Services, tasks and nodes of a Swarm.

use serde::Deserialize;

use super::{labels::Labels, null::or_default};

/// An element of `GET /services`.
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
    /// Labels of the service: `deploy.labels` in a stack file.
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
    /// Labels of each container: `labels` in a stack file.
    #[serde(default, deserialize_with = "or_default")]
    pub labels: Labels,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Endpoint {
    #[serde(default, deserialize_with = "or_default")]
    pub ports: Vec<EndpointPort>,
}

/// A published port of a service.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EndpointPort {
    #[serde(default, deserialize_with = "or_default")]
    pub protocol: String,
    /// The port inside each container.
    pub target_port: u16,
}

/// An element of `GET /tasks`.
#[derive(Debug, Deserialize)]
pub struct Task {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "ServiceID", default, deserialize_with = "or_default")]
    pub service_id: String,
    #[serde(rename = "NodeID", default, deserialize_with = "or_default")]
    pub node_id: String,
    /// The replica's number; absent in a global service.
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
    /// Addresses with their prefix length, such as `10.0.0.116/24`.
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
    /// Whether this is the ingress network, which routes published ports to the tasks.
    pub ingress: bool,
}

/// An element of `GET /nodes`.
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
