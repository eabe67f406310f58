//! /metrics as Prometheus' own tool sees it.

use std::{
    env,
    io::Write,
    process::{Command, Stdio},
};

use crate::support::app::TestApp;

#[tokio::test]
async fn promtool_finds_nothing_to_complain_about() {
    let app = TestApp::start_without_database(&[]).await;
    for path in ["/ping", "/echo", "/counter", "/nowhere"] {
        app.get(path).await;
    }
    let text = app.get("/metrics").await.text().await.expect("a text");

    let promtool = env::var("PROMTOOL").unwrap_or_else(|_| "promtool".to_owned());
    let mut check = Command::new(&promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {promtool} ({error}); `make test` provides it"));
    check
        .stdin
        .take()
        .expect("it is piped")
        .write_all(text.as_bytes())
        .expect("promtool reads");
    let output = check.wait_with_output().expect("promtool ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[tokio::test]
async fn it_is_served_in_the_text_format_that_prometheus_reads() {
    let app = TestApp::start_without_database(&[]).await;
    let reply = app.get("/metrics").await;
    assert_eq!(reply.headers()["content-type"], "text/plain; version=0.0.4");
}

#[tokio::test]
async fn the_build_is_told() {
    let app = TestApp::start_without_database(&[]).await;
    assert_eq!(app.metrics().await.sum("observer_build_info"), 1.0);
}
