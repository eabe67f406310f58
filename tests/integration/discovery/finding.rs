//! When it looks: at once, after an event, and every interval. And that it only looks.

use std::{fs, os::unix::fs::MetadataExt};

use serde_json::json;
use test_support::exposition::eventually;

use super::{engine::Engine, process::Discover};

#[tokio::test]
async fn the_file_is_written_at_once() {
    let engine = Engine::start();
    engine.run(2);
    let discover = Discover::start(&engine, &["--interval=1h"]);
    discover.finds(2).await;
    assert_eq!(
        fs::read_to_string(discover.file()).expect("the file"),
        r#"[{"targets":["10.0.1.2:8080","10.0.2.2:8080"],"labels":{"task":"app"}}]"#
    );
}

#[tokio::test]
async fn an_event_triggers_a_poll_at_once() {
    let engine = Engine::start();
    let discover = Discover::start(&engine, &["--interval=1h"]);
    discover.finds(0).await;
    eventually("it follows the events", async || {
        (engine.followers() == 1).then_some(())
    })
    .await;
    for count in [3, 1, 0, 2] {
        engine.run(count);
        engine.tell_event();
        discover.finds(count.into()).await;
    }
    assert_eq!(discover.metrics().await.value("discovery_events_total"), 4.0);
}

#[tokio::test]
async fn without_events_the_interval_finds_changes() {
    let engine = Engine::start();
    engine.answer_raw("/events", axum::http::StatusCode::FORBIDDEN, "no");
    let discover = Discover::start(&engine, &["--interval=100ms"]);
    for count in [3, 1] {
        engine.run(count);
        discover.finds(count.into()).await;
    }
    discover.logs("GET /events with 403").await;
}

#[tokio::test]
async fn unchanged_targets_do_not_rewrite_the_file() {
    let engine = Engine::start();
    engine.run(2);
    let discover = Discover::start(&engine, &["--interval=100ms"]);
    discover.finds(2).await;
    let inode = || fs::metadata(discover.file()).expect("the file").ino();
    let before = inode();
    eventually("it has polled five times more", async || {
        (discover.metrics().await.value("discovery_poll_duration_seconds_count") > 6.0).then_some(())
    })
    .await;
    assert_eq!(inode(), before, "a rename would have brought another file");
    assert_eq!(discover.metrics().await.value("discovery_changes_total"), 1.0);
}

#[tokio::test]
async fn a_swarm_manager_is_asked_for_tasks_by_get_requests_only() {
    let engine = Engine::start();
    engine.answer(
        "/info",
        &json!({ "Name": "host", "Swarm": { "LocalNodeState": "active", "ControlAvailable": true } }),
    );
    engine.answer(
        "/services",
        &json!([{ "ID": "s", "Spec": { "Name": "app", "Labels": { "prometheus.port": "8080" } } }]),
    );
    engine.answer(
        "/nodes",
        &json!([{ "ID": "n", "Description": { "Hostname": "manager" } }]),
    );
    engine.answer(
        "/tasks",
        &json!([{
            "ID": "t", "ServiceID": "s", "NodeID": "n", "Slot": 1, "Status": { "State": "running" },
            "NetworksAttachments": [{ "Network": { "Spec": { "Name": "net" } }, "Addresses": ["10.0.1.7/24"] }],
        }]),
    );
    let discover = Discover::start(&engine, &["--interval=1h", "--labels=node,container"]);
    discover.finds(1).await;
    assert_eq!(
        fs::read_to_string(discover.file()).expect("the file"),
        r#"[{"targets":["10.0.1.7:8080"],"labels":{"container":"app.1.t","node":"manager","task":"app"}}]"#
    );
    let calls = engine.take_calls();
    for call in ["GET /info", "GET /services", "GET /nodes", "GET /tasks"] {
        assert!(calls.contains(&call.to_owned()), "no {call} in {calls:?}");
    }
    assert!(calls.iter().all(|call| call.starts_with("GET ")), "{calls:?}");
}

#[tokio::test]
async fn a_container_without_a_port_is_logged_once() {
    let engine = Engine::start();
    let mut without_port = super::engine::container(1);
    without_port["Ports"] = json!([]);
    engine.answer("/containers/json", &json!([without_port]));
    let discover = Discover::start(&engine, &["--interval=100ms"]);
    discover.logs("no label prometheus.port").await;
    eventually("it has polled again", async || {
        (discover.metrics().await.value("discovery_poll_duration_seconds_count") > 3.0).then_some(())
    })
    .await;
    assert_eq!(discover.log_text().matches("no label prometheus.port").count(), 1);
    assert!(
        discover.log_text().contains("observer-app-1"),
        "{}",
        discover.log_text()
    );
    assert_eq!(discover.metrics().await.value("discovery_skipped"), 1.0);
}
