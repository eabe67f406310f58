//! What it serves.

use std::fs;

use test_support::{exposition::eventually, promtool};

use super::{engine::Engine, process::Discover};

#[tokio::test]
async fn targets_are_served_as_they_are_in_the_file() {
    let engine = Engine::start();
    engine.run(2);
    let discover = Discover::start(&engine, &[]);
    discover.finds(2).await;
    let reply = discover.get("/targets").await;
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()["content-type"], "application/json");
    let served = reply.bytes().await.expect("the body");
    assert_eq!(served, fs::read(discover.file()).expect("the file"));
    assert_eq!(discover.get("/readyz").await.status(), 204);
}

#[tokio::test]
async fn before_docker_answers_http_sd_fails_so_that_prometheus_keeps_its_targets() {
    let mut engine = Engine::stopped();
    let discover = Discover::start(&engine, &["--interval=100ms"]);
    assert_eq!(discover.get("/healthz").await.status(), 204);
    assert_eq!(discover.get("/readyz").await.status(), 503);
    assert_eq!(discover.get("/targets").await.status(), 503);
    engine.listen();
    eventually("it is ready", async || {
        (discover.get("/readyz").await.status() == 204).then_some(())
    })
    .await;
    assert_eq!(discover.get("/targets").await.text().await.expect("a text"), "[]");
}

#[tokio::test]
async fn the_metrics_pass_promtool_and_count_targets_and_polls() {
    let engine = Engine::start();
    engine.run(2);
    let discover = Discover::start(&engine, &[]);
    discover.finds(2).await;
    promtool::check_metrics(&discover.get("/metrics").await.text().await.expect("a text"));
    let metrics = discover.metrics().await;
    assert_eq!(metrics.value("discovery_targets"), 2.0);
    assert_eq!(metrics.value(r#"discovery_errors_total{stage="poll"}"#), 0.0);
    assert!(metrics.value("discovery_last_success_timestamp_seconds") > 1.7e9);
    assert!(metrics.value("discovery_poll_duration_seconds_count") >= 1.0);
}

#[tokio::test]
async fn a_signal_stops_it_cleanly_and_keeps_the_file() {
    let engine = Engine::start();
    engine.run(2);
    for signal in ["TERM", "INT"] {
        let discover = Discover::start(&engine, &[]);
        discover.finds(2).await;
        let (status, folder) = discover.end(signal);
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(folder.path().join("targets.json").exists());
    }
}
