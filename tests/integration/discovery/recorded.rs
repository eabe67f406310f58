//! What a real engine answered (Docker 20.10, a Swarm of one node): the service `accountservice` of goblog, which
//! publishes port 6767 on the network `my_network`, and the service `quiet`, which publishes nothing.
//!
//! The answers are as they came, but for line breaks, the host's name and its certificate.

use observer::discovery::{Answers, ExtraLabel, Selection, target_groups};

fn recorded() -> Answers {
    Answers::Swarm {
        services: include_bytes!("answers/services.json").as_slice().into(),
        tasks: include_bytes!("answers/tasks.json").as_slice().into(),
        nodes: Some(include_bytes!("answers/nodes.json").as_slice().into()),
    }
}

fn found(selection: &Selection) -> String {
    let groups = target_groups(&recorded(), selection).expect("answers that are understood");
    String::from_utf8(groups.to_json()).expect("UTF-8")
}

fn on(network: &str) -> Selection {
    Selection {
        network: Some(network.to_owned()),
        ..Selection::default()
    }
}

/// The bytes that goblog's own discovery writes.
const GOBLOG: &str = r#"[{"targets":["10.0.0.116:6767"],"labels":{"task":"accountservice"}}]"#;

#[test]
fn the_output_equals_goblogs() {
    assert_eq!(found(&on("my_network")), GOBLOG);
}

#[test]
fn without_a_selected_network_the_ingress_network_is_ignored() {
    assert_eq!(found(&Selection::default()), GOBLOG);
}

#[test]
fn a_task_outside_the_network_is_no_target() {
    assert_eq!(found(&on("another")), "[]");
}

#[test]
fn a_service_without_a_published_port_is_skipped_by_name() {
    let groups = target_groups(&recorded(), &on("my_network")).expect("answers that are understood");
    let skipped: Vec<_> = groups.skipped().iter().map(|skipped| &*skipped.name).collect();
    assert_eq!(skipped, ["quiet"]);
}

#[test]
fn an_ignored_service_is_left_out() {
    let selection = Selection {
        ignored_services: ["accountservice".to_owned(), "quiet".to_owned()].into(),
        ..on("my_network")
    };
    assert_eq!(found(&selection), "[]");
}

#[test]
fn the_container_label_is_dockers_name() {
    let selection = Selection {
        labels: [ExtraLabel::Container, ExtraLabel::Node].into(),
        ..on("my_network")
    };
    let found = found(&selection);
    assert!(found.contains(r#""container":"accountservice.1."#), "{found}");
    assert!(found.contains(r#""node":"manager""#), "{found}");
}
