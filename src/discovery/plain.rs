//! Mapping for a single engine: its containers.

use super::{
    groups::TargetGroups,
    model::container::{Attachment, Container},
    port,
    selection::{Selection, TargetMeta},
};

/// Returns the target groups of an engine's running containers.
pub fn target_groups(node: &str, containers: &[Container], selection: &Selection) -> TargetGroups {
    let mut groups = TargetGroups::default();
    for container in containers {
        let labels = &container.labels;
        let meta = container.meta(node);
        let excluded = container.state != "running" || labels.is_ignored() || selection.ignores(&meta);
        if excluded || !container.is_selected(selection) {
            continue;
        }
        let attachment = match &selection.network {
            // A container that is not on the network is not selected.
            Some(name) => match container.network_settings.networks.get(name) {
                None => continue,
                attached => attached,
            },
            None => container.first_attachment(),
        };
        let address = attachment.and_then(Attachment::address);
        match port::target_address(address, labels.port.as_deref(), || container.highest_published_port()) {
            Ok(target) => groups.add(selection.labels_for(&meta), target),
            Err(reason) => groups.skip(meta.container, reason),
        }
    }
    groups
}

impl Container {
    fn meta<'a>(&'a self, node: &'a str) -> TargetMeta<'a> {
        let container = self
            .names
            .first()
            .map_or(&*self.id, |name| name.trim_start_matches('/'));
        TargetMeta {
            task: self.labels.compose_service.as_deref().unwrap_or(container),
            project: self.labels.compose_project.as_deref(),
            container,
            node,
            path: self.labels.path.as_deref(),
        }
    }

    fn is_selected(&self, selection: &Selection) -> bool {
        let labels = &self.labels;
        let of_project = labels.compose_project.is_some()
            // A container of `docker compose run` has its service's labels, but is no replica.
            && labels.compose_oneoff.as_deref() != Some("True");
        match &selection.compose_project {
            Some(_) => of_project && labels.compose_project == selection.compose_project,
            None => of_project || (labels.compose_project.is_none() && labels.port.is_some()),
        }
    }

    /// Returns the first attachment, by network name, that has an address.
    fn first_attachment(&self) -> Option<&Attachment> {
        let networks = self.network_settings.networks.iter();
        networks
            .filter(|(_, attachment)| attachment.address().is_some())
            .min_by_key(|(name, _)| *name)
            .map(|(_, attachment)| attachment)
    }

    /// Returns the highest published TCP port. Docker lists ports in no particular order.
    fn highest_published_port(&self) -> Option<u16> {
        let ports = self.ports.iter();
        ports
            .filter(|port| port.protocol == "tcp" && port.public.is_some())
            .map(|port| port.private)
            .max()
    }
}

impl Attachment {
    fn address(&self) -> Option<&str> {
        [&*self.address, &*self.address_v6]
            .into_iter()
            .find(|address| !address.is_empty())
    }
}
