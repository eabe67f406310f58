//! From containers and tasks to target groups: which, where, with which labels.

use observer::discovery::{Answers, ExtraLabel, Selection, TargetGroups, target_groups};
use serde_json::{Value, json};

fn plain(containers: &Value, selection: &Selection) -> TargetGroups {
    let answers = Answers::Plain {
        node: "laptop".to_owned(),
        containers: containers.to_string().into(),
    };
    target_groups(&answers, selection).expect("answers that are understood")
}

fn text(groups: &TargetGroups) -> String {
    String::from_utf8(groups.to_json()).expect("UTF-8")
}

/// A container of a Compose project, with fields of the test's own.
fn container(service: &str, address: &str, fields: &Value) -> Value {
    let mut container = json!({
        "Id": address,
        "Names": [format!("/shop-{service}-1")],
        "State": "running",
        "Labels": { "com.docker.compose.project": "shop", "com.docker.compose.service": service },
        "Ports": [{ "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp" }],
        "NetworkSettings": { "Networks": { "shop_default": { "IPAddress": address } } },
    });
    for (name, value) in fields.as_object().expect("an object") {
        match (value, &mut container[name]) {
            (Value::Object(more), Value::Object(there)) => there.extend(more.clone()),
            (value, there) => *there = value.clone(),
        }
    }
    container
}

#[test]
fn target_groups_do_not_depend_on_the_order_of_containers() {
    let mut containers = [
        container("b", "10.0.0.9", &json!({})),
        container("a", "10.0.0.10", &json!({})),
        container("a", "10.0.0.9", &json!({})),
    ];
    let expected = r#"[{"targets":["10.0.0.9:80","10.0.0.10:80"],"labels":{"task":"a"}},{"targets":["10.0.0.9:80"],"labels":{"task":"b"}}]"#;
    for _ in 0..containers.len() {
        containers.rotate_left(1);
        assert_eq!(text(&plain(&json!(containers), &Selection::default())), expected);
    }
}

#[test]
fn the_port_is_the_labels_else_the_last_published_one_inside_the_container() {
    for (fields, port) in [
        (json!({ "Labels": { "prometheus.port": "9102" } }), "9102"),
        (json!({ "Labels": { "prometheus.port": "9102" }, "Ports": [] }), "9102"),
        (json!({}), "80"),
        (
            json!({ "Ports": [
                { "PrivatePort": 9000, "Type": "tcp" },
                { "PrivatePort": 81, "PublicPort": 1, "Type": "tcp" },
                { "PrivatePort": 80, "PublicPort": 2, "Type": "tcp" },
                { "PrivatePort": 9001, "PublicPort": 3, "Type": "udp" },
            ] }),
            "81",
        ),
    ] {
        let groups = plain(&json!([container("cart", "10.0.0.2", &fields)]), &Selection::default());
        let expected = format!(r#"[{{"targets":["10.0.0.2:{port}"],"labels":{{"task":"cart"}}}}]"#);
        assert_eq!(text(&groups), expected, "{fields}");
    }
}

#[test]
fn a_container_that_cannot_be_a_target_is_skipped_with_the_reason() {
    for (fields, why) in [
        (
            json!({ "Ports": null }),
            "no label prometheus.port, and no published TCP port",
        ),
        (
            json!({ "Labels": { "prometheus.port": "http" } }),
            r#"the label prometheus.port is "http"; expected a number from 1 to 65535"#,
        ),
        (json!({ "Labels": { "prometheus.port": "0" } }), r#"is "0""#),
        (json!({ "Labels": { "prometheus.port": "65536" } }), r#"is "65536""#),
        (
            json!({ "NetworkSettings": { "Networks": { "shop_default": { "IPAddress": "" } } } }),
            "no address",
        ),
        (json!({ "NetworkSettings": null }), "no address"),
    ] {
        let mut container = container("cart", "10.0.0.2", &json!({}));
        for (name, value) in fields.as_object().expect("an object") {
            if name == "Labels" {
                container[name]["prometheus.port"] = value["prometheus.port"].clone();
            } else {
                container[name] = value.clone();
            }
        }
        let groups = plain(&json!([container]), &Selection::default());
        assert_eq!(text(&groups), "[]", "{fields}");
        let skipped = groups.skipped().first().expect("it is skipped");
        assert_eq!(skipped.name, "shop-cart-1");
        assert!(skipped.reason.to_string().contains(why), "{fields}: {}", skipped.reason);
    }
}

#[test]
fn an_unselected_container_is_left_out_silently() {
    for (fields, selection) in [
        (json!({ "State": "exited" }), Selection::default()),
        (
            json!({ "Labels": { "prometheus.ignore": "true" } }),
            Selection::default(),
        ),
        // A container of `docker compose run`.
        (
            json!({ "Labels": { "com.docker.compose.oneoff": "True" } }),
            Selection::default(),
        ),
        (
            json!({}),
            Selection {
                ignored_services: ["cart".to_owned()].into(),
                ..Selection::default()
            },
        ),
        (
            json!({}),
            Selection {
                compose_project: Some("bank".to_owned()),
                ..Selection::default()
            },
        ),
        (
            json!({}),
            Selection {
                network: Some("another".to_owned()),
                ..Selection::default()
            },
        ),
    ] {
        let groups = plain(&json!([container("cart", "10.0.0.2", &fields)]), &selection);
        assert_eq!(text(&groups), "[]", "{fields}, {selection:?}");
        assert!(groups.skipped().is_empty(), "{fields}, {selection:?}");
    }
}

#[test]
fn outside_of_compose_a_container_needs_the_port_label_and_is_named_by_its_name() {
    let container = |labels: Value| {
        json!([{
            "Id": "4c01", "Names": ["/lonely"], "State": "running", "Labels": labels,
            "Ports": [{ "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp" }],
            "NetworkSettings": { "Networks": { "bridge": { "IPAddress": "172.17.0.2" } } },
        }])
    };
    let with_label = plain(&container(json!({ "prometheus.port": "9102" })), &Selection::default());
    assert_eq!(
        text(&with_label),
        r#"[{"targets":["172.17.0.2:9102"],"labels":{"task":"lonely"}}]"#
    );
    let without = plain(&container(Value::Null), &Selection::default());
    assert_eq!(text(&without), "[]");
    assert!(without.skipped().is_empty());
}

#[test]
fn the_address_is_on_the_selected_network() {
    let networks = json!({ "NetworkSettings": { "Networks": {
        "metrics": { "IPAddress": "10.0.9.2" },
        "six": { "IPAddress": "", "GlobalIPv6Address": "fd00::2" },
    } } });
    let containers = json!([container("cart", "10.0.0.2", &networks)]);
    // The container's own network stays beside them, unless a test's fields replace it.
    for (network, target) in [
        (Some("metrics"), "10.0.9.2:80"),
        (Some("six"), "[fd00::2]:80"),
        (None, "10.0.9.2:80"),
    ] {
        let selection = Selection {
            network: network.map(str::to_owned),
            ..Selection::default()
        };
        let expected = format!(r#"[{{"targets":["{target}"],"labels":{{"task":"cart"}}}}]"#);
        assert_eq!(text(&plain(&containers, &selection)), expected, "{network:?}");
    }
}

#[test]
fn requested_labels_are_added_and_split_the_groups() {
    let containers = json!([
        container(
            "cart",
            "10.0.0.2",
            &json!({ "Labels": { "prometheus.path": "admin/metrics" } })
        ),
        container("cart", "10.0.0.3", &json!({ "Names": ["/shop-cart-2"] })),
    ]);
    let selection = Selection {
        labels: [
            ExtraLabel::Service,
            ExtraLabel::Container,
            ExtraLabel::Node,
            ExtraLabel::Project,
        ]
        .into(),
        ..Selection::default()
    };
    let groups: Value = serde_json::from_str(&text(&plain(&containers, &selection))).expect("JSON");
    assert_eq!(
        groups,
        json!([
            {
                "targets": ["10.0.0.2:80"],
                "labels": {
                    "__metrics_path__": "/admin/metrics", "container": "shop-cart-1", "node": "laptop",
                    "project": "shop", "service": "cart", "task": "cart",
                },
            },
            {
                "targets": ["10.0.0.3:80"],
                "labels": {
                    "container": "shop-cart-2", "node": "laptop", "project": "shop", "service": "cart", "task": "cart",
                },
            },
        ])
    );
}

#[test]
fn prometheus_itself_accepts_the_groups() {
    let containers = json!([
        container("cart", "10.0.0.2", &json!({ "Labels": { "prometheus.path": "/x" } })),
        container("desk", "10.0.0.3", &json!({})),
    ]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("targets.json");
    std::fs::write(&file, plain(&containers, &Selection::default()).to_json()).expect("written");
    let configuration = folder.path().join("prometheus.yml");
    let scrape = format!(
        "scrape_configs: [{{job_name: found, file_sd_configs: [{{files: ['{}']}}]}}]",
        file.display()
    );
    std::fs::write(&configuration, scrape).expect("written");
    // It reads the files of targets, too.
    let configuration = configuration.to_str().expect("UTF-8");
    test_support::tools::run_promtools(&["check", "config", configuration]);
}
