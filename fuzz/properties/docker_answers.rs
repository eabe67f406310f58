//! Docker's answers: whatever they are, what is made of them are target groups as Prometheus takes them.
//!
//! One line is the containers of an engine by itself; three are services, tasks and nodes of a Swarm.

use std::net::SocketAddr;

use bytes::Bytes;
use observer::discovery::{Answers, ExtraLabel, Selection, target_groups};
use serde_json::Value;

/// The names that a group's labels may have.
const LABELS: [&str; 6] = ["task", "service", "container", "node", "project", "__metrics_path__"];

pub fn holds(input: &[u8]) {
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
    let told = Selection {
        labels: [
            ExtraLabel::Service,
            ExtraLabel::Container,
            ExtraLabel::Node,
            ExtraLabel::Project,
        ]
        .into(),
        ..Selection::default()
    };
    for selection in [Selection::default(), told] {
        let Ok(found) = target_groups(&answers, &selection) else {
            return;
        };
        assert_eq!(
            target_groups(&answers, &selection).expect("once more"),
            found,
            "the same answers give the same groups"
        );
        let groups: Vec<Value> = serde_json::from_slice(&found.to_json()).expect("a JSON list");
        let counted: usize = groups.iter().map(check_group).sum();
        assert_eq!(counted, found.targets());
    }
}

/// Returns how many targets the group has.
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
