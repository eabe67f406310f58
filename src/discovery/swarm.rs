//! Mapping for a Swarm: the running tasks of its services.

use std::collections::HashMap;

use super::{
    groups::TargetGroups,
    model::{
        labels::Labels,
        swarm::{Node, Service, Task, TaskAttachment},
    },
    port,
    selection::{Selection, TargetMeta},
};

/// Services and nodes of a Swarm, by id.
#[derive(Debug)]
pub struct Swarm<'a> {
    services: HashMap<&'a str, &'a Service>,
    hostnames: HashMap<&'a str, &'a str>,
}

impl<'a> Swarm<'a> {
    pub fn new(services: &'a [Service], nodes: &'a [Node]) -> Self {
        Self {
            services: services.iter().map(|service| (&*service.id, service)).collect(),
            hostnames: nodes
                .iter()
                .map(|node| (&*node.id, &*node.description.hostname))
                .collect(),
        }
    }
}

/// Returns the target groups of a Swarm's running tasks.
pub fn target_groups(swarm: &Swarm<'_>, tasks: &[Task], selection: &Selection) -> TargetGroups {
    let mut groups = TargetGroups::default();
    for task in tasks.iter().filter(|task| task.status.state == "running") {
        // The service was removed between the two calls: its tasks are about to stop.
        let Some(service) = swarm.services.get(&*task.service_id) else {
            continue;
        };
        let container = task.container_name(&service.spec.name);
        let meta = TargetMeta {
            task: &service.spec.name,
            project: service.spec.labels.stack.as_deref(),
            container: &container,
            node: swarm.hostnames.get(&*task.node_id).copied().unwrap_or_default(),
            path: service.label(|labels| labels.path.as_deref()),
        };
        if service.label(|labels| labels.is_ignored().then_some(())).is_some() || selection.ignores(&meta) {
            continue;
        }
        let attachment = match &selection.network {
            // A task that is not on the network is not selected.
            Some(name) => match task.networks.iter().find(|on| on.network.spec.name == *name) {
                None => continue,
                attached => attached,
            },
            None => task.first_attachment(),
        };
        let address = attachment.and_then(TaskAttachment::address);
        let port_label = service.label(|labels| labels.port.as_deref());
        match port::target_address(address, port_label, || service.last_published()) {
            Ok(target) => groups.add(selection.labels_for(&meta), target),
            Err(reason) => groups.skip(meta.task, reason),
        }
    }
    groups
}

impl Service {
    /// Returns a value from the service's labels, else from its containers' labels.
    fn label<'a, T>(&'a self, of: impl Fn(&'a Labels) -> Option<T>) -> Option<T> {
        of(&self.spec.labels).or_else(|| of(&self.spec.task_template.container_spec.labels))
    }

    fn last_published(&self) -> Option<u16> {
        let mut ports = self.endpoint.ports.iter().rev();
        ports.find(|port| port.protocol == "tcp").map(|port| port.target_port)
    }
}

impl Task {
    /// Returns the container's name, as Docker composes it.
    fn container_name(&self, service: &str) -> String {
        match self.slot {
            Some(slot) if slot > 0 => format!("{service}.{slot}.{}", self.id),
            _ => format!("{service}.{}.{}", self.node_id, self.id),
        }
    }

    /// Returns the first attachment, by network name, other than the ingress network.
    fn first_attachment(&self) -> Option<&TaskAttachment> {
        let networks = self.networks.iter();
        networks
            .filter(|on| !on.network.spec.ingress && on.address().is_some())
            .min_by_key(|on| &on.network.spec.name)
    }
}

impl TaskAttachment {
    fn address(&self) -> Option<&str> {
        self.addresses.first()?.split('/').next()
    }
}
