//! Selection and labels of the targets.

use std::collections::BTreeSet;

use clap::ValueEnum;

use super::groups::GroupLabels;

/// The label that sets the path of a target's metrics.
const PATH_LABEL: &str = "__metrics_path__";

/// Which containers become targets, and with which labels.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Select only containers on this network, by their address there. By default all containers are selected, by
    /// their address on the first of their networks, by name.
    pub network: Option<String>,
    /// Services to exclude, by name, with or without the stack's prefix.
    pub ignored_services: BTreeSet<String>,
    /// On a single engine, select only containers of this Compose project. By default those of all projects, and those
    /// with the label `prometheus.port`.
    pub compose_project: Option<String>,
    /// Labels in addition to `task`.
    pub labels: BTreeSet<ExtraLabel>,
}

/// An optional label of the targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum ExtraLabel {
    /// The service's name without the stack's prefix
    Service,
    /// The container's name
    Container,
    /// The name of the host
    Node,
    /// The Compose project or the stack
    Project,
}

/// Metadata of a target, from a single engine or a Swarm.
#[derive(Debug)]
pub struct TargetMeta<'a> {
    /// The service's name, in a Swarm with the stack's prefix.
    pub task: &'a str,
    pub project: Option<&'a str>,
    pub container: &'a str,
    pub node: &'a str,
    /// The path of the metrics, if it is not the default.
    pub path: Option<&'a str>,
}

impl TargetMeta<'_> {
    /// The service's name without the stack's prefix.
    fn service(&self) -> &str {
        self.project
            .and_then(|stack| self.task.strip_prefix(stack)?.strip_prefix('_'))
            .unwrap_or(self.task)
    }
}

impl Selection {
    /// Whether the service is excluded by name.
    pub(super) fn ignores(&self, meta: &TargetMeta<'_>) -> bool {
        self.ignored_services.contains(meta.task) || self.ignored_services.contains(meta.service())
    }

    /// Returns the labels of the target's group. Labels without a value are omitted.
    pub(super) fn labels_for(&self, meta: &TargetMeta<'_>) -> GroupLabels {
        let extra = self.labels.iter().filter_map(|label| {
            let (name, value) = match label {
                ExtraLabel::Service => ("service", meta.service()),
                ExtraLabel::Container => ("container", meta.container),
                ExtraLabel::Node => ("node", meta.node),
                ExtraLabel::Project => ("project", meta.project?),
            };
            (!value.is_empty()).then(|| (name, value.to_owned()))
        });
        let path = meta.path.map(|path| {
            let slash = if path.starts_with('/') { "" } else { "/" };
            (PATH_LABEL, format!("{slash}{path}"))
        });
        [("task", meta.task.to_owned())]
            .into_iter()
            .chain(extra)
            .chain(path)
            .collect()
    }
}
