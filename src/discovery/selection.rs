//! What is looked for, and with which labels it is told.

use std::collections::BTreeSet;

use clap::ValueEnum;

use super::groups::GroupLabels;

/// The label that Prometheus takes for the path of a target's metrics.
const PATH_LABEL: &str = "__metrics_path__";

/// Which of all that runs becomes a target.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only what is on this network, with its address there. Without it each container counts, with the address on
    /// the first of its networks by name.
    pub network: Option<String>,
    /// Services that are left out, by their name, with or without that of their stack.
    pub ignored_services: BTreeSet<String>,
    /// On an engine without Swarm: only containers of this Compose project. Without it those of any project, and those
    /// with a label `prometheus.port`.
    pub compose_project: Option<String>,
    /// Labels beside `task`.
    pub labels: BTreeSet<ExtraLabel>,
}

/// A label that a target only has where it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum ExtraLabel {
    /// The service's name without that of its stack
    Service,
    /// The container's name
    Container,
    /// The host that it runs on
    Node,
    /// The Compose project or the stack
    Project,
}

/// What is known of a container, whichever way it was found.
#[derive(Debug)]
pub struct TargetMeta<'a> {
    /// The service's name, in a Swarm with that of its stack in front.
    pub task: &'a str,
    pub project: Option<&'a str>,
    pub container: &'a str,
    pub node: &'a str,
    /// The path of the metrics, where it is not the usual one.
    pub path: Option<&'a str>,
}

impl TargetMeta<'_> {
    /// The service's name without that of its stack.
    fn service(&self) -> &str {
        self.project
            .and_then(|stack| self.task.strip_prefix(stack)?.strip_prefix('_'))
            .unwrap_or(self.task)
    }
}

impl Selection {
    /// Whether the service is left out by its name.
    pub(super) fn ignores(&self, meta: &TargetMeta<'_>) -> bool {
        self.ignored_services.contains(meta.task) || self.ignored_services.contains(meta.service())
    }

    /// The labels of the container's group. What is not known is left out.
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
