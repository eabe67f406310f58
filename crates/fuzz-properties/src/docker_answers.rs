//! Docker's API: any answers give either an error or target groups that Prometheus accepts.
//!
//! An input of one line is the containers of a single engine; three lines are the services, tasks and nodes of a Swarm.

use std::net::SocketAddr;

use bytes::Bytes;
use observer::discovery::{Answers, ExtraLabel, Selection, target_groups};
use serde_json::Value;

/// The labels that a group may have.
const LABELS: [&str; 6] = ["task", "service", "container", "node", "project", "__metrics_path__"];

/// Maps answers to target groups. Every group must have the label `task` and at least one valid target.
pub fn check(input: &[u8]) {
    let mut lines = input.split(|byte| *byte == b'\n').map(Bytes::copy_from_slice);
    let first = lines.next().unwrap_or_default();
    let answers = match lines.next() {
        None => Answers::Plain {
            node: "node".to_owned(),
            containers: first,
        },
        Some(tasks) => Answers::Swarm {
            services: first,
            tasks,
            nodes: lines.next(),
        },
    };
    let all_labels = Selection {
        labels: [
            ExtraLabel::Service,
            ExtraLabel::Container,
            ExtraLabel::Node,
            ExtraLabel::Project,
        ]
        .into(),
        ..Selection::default()
    };
    for selection in [Selection::default(), all_labels] {
        let Ok(found) = target_groups(&answers, &selection) else {
            return;
        };
        assert_eq!(
            target_groups(&answers, &selection).expect("they were accepted before"),
            found,
            "the same answers must give the same groups"
        );
        let groups: Vec<Value> = serde_json::from_slice(&found.to_json()).expect("a JSON list");
        let counted: usize = groups.iter().map(check_group).sum();
        assert_eq!(counted, found.targets());
    }
}

/// Checks one group and returns its number of targets.
fn check_group(group: &Value) -> usize {
    let labels = group["labels"].as_object().expect("labels");
    assert!(labels.contains_key("task"), "{group}");
    for (name, value) in labels {
        assert!(LABELS.contains(&name.as_str()) && value.is_string(), "{group}");
    }
    let targets = group["targets"].as_array().expect("targets");
    assert!(!targets.is_empty(), "{group}");
    for target in targets {
        let address: SocketAddr = target.as_str().and_then(|text| text.parse().ok()).expect("an address");
        assert_ne!(address.port(), 0, "{group}");
    }
    targets.len()
}
