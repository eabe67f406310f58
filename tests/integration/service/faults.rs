//! Failures and delays by the fault plan.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::Value;

use crate::app::TestApp;

/// The statuses of this many requests, one after the other.
async fn statuses(app: &TestApp, path: &str, requests: usize) -> Vec<StatusCode> {
    let mut statuses = Vec::new();
    for _ in 0..requests {
        statuses.push(app.get(path).await.status());
    }
    statuses
}

#[tokio::test]
async fn an_injected_failure_says_that_it_was_injected_and_is_counted() {
    let app = TestApp::start_without_database(&["--echo-error-ratio=1"]);
    let reply = app.get("/echo").await;
    assert_eq!(reply.status(), 500);
    let problem: Value = serde_json::from_slice(&reply.bytes().await.expect("the body")).expect("JSON");
    assert_eq!(problem["injected"], true);

    let metrics = app.metrics().await;
    assert_eq!(
        metrics.value(r#"faults_injected_total{kind="error",path="/echo"}"#),
        1.0
    );
    assert_eq!(
        metrics.value(r#"http_requests_total{method="GET",path="/echo",status_code="500"}"#),
        1.0
    );
    assert_eq!(metrics.value(r#"fault_error_ratio{path="/echo"}"#), 1.0);
}

#[tokio::test]
async fn a_request_is_delayed_as_the_plan_says() {
    let app = TestApp::start_without_database(&["--ping-delay=constant:150ms"]);
    let asked = Instant::now();
    assert_eq!(app.get("/ping").await.status(), 200);
    assert!(
        asked.elapsed() >= Duration::from_millis(150),
        "it took {:?}",
        asked.elapsed()
    );
    assert_eq!(
        app.metrics()
            .await
            .value(r#"faults_injected_total{kind="delay",path="/ping"}"#),
        1.0
    );
}

#[tokio::test]
async fn the_plan_is_exposed_as_metrics() {
    let app = TestApp::start_without_database(&["--ping-error-ratio=0.25", "--ping-delay=uniform:5ms:150ms"]);
    let metrics = app.metrics().await;
    assert_eq!(metrics.value(r#"fault_error_ratio{path="/ping"}"#), 0.25);
    assert_eq!(
        metrics.value(r#"fault_delay_seconds{bound="lower",path="/ping"}"#),
        0.005
    );
    assert_eq!(
        metrics.value(r#"fault_delay_seconds{bound="upper",path="/ping"}"#),
        0.15
    );
    assert_eq!(metrics.value(r#"fault_delay_seconds{bound="upper",path="/echo"}"#), 0.0);
}

#[tokio::test]
async fn the_same_seed_repeats_the_failures_of_a_run() {
    let flags = ["--echo-error-ratio=0.5", "--fault-seed=42"];
    let first = TestApp::start_without_database(&flags);
    let second = TestApp::start_without_database(&flags);
    let other = TestApp::start_without_database(&["--echo-error-ratio=0.5", "--fault-seed=43"]);
    let run = statuses(&first, "/echo", 50).await;
    assert_eq!(run, statuses(&second, "/echo", 50).await);
    assert_ne!(run, statuses(&other, "/echo", 50).await);
}

#[tokio::test]
async fn faults_of_one_endpoint_do_not_affect_others() {
    let app = TestApp::start_without_database(&["--ping-error-ratio=1"]);
    assert_eq!(app.get("/ping").await.status(), 500);
    for path in ["/echo", "/healthz", "/metrics", "/"] {
        assert_eq!(app.get(path).await.status(), 200, "{path}");
    }
}
