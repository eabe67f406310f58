//! The end of the service.

use std::time::{Duration, Instant};

use test_support::{client, exposition::eventually};

use crate::app::TestApp;

#[tokio::test]
async fn a_request_in_progress_is_answered_before_the_service_ends() {
    let app = TestApp::start_without_database(&["--ping-delay=constant:300ms"]);
    let asked = tokio::spawn(reqwest::get(app.at("/ping")));
    eventually("the request is in progress", async || {
        (app.metrics().await.sum("http_concurrent_requests") == 1.0).then_some(())
    })
    .await;
    app.stop().await;
    let reply = asked.await.expect("no panic").expect("an answer");
    assert_eq!(reply.status(), 200);
}

#[tokio::test]
async fn an_endless_request_is_cut_off_at_the_shutdown_timeout() {
    let app = TestApp::start_without_database(&["--ping-delay=constant:60s", "--shutdown-timeout=200ms"]);
    let _asked = client::send(app.address(), "GET /ping HTTP/1.1\r\nhost: test\r\n\r\n").await;
    eventually("the request is in progress", async || {
        (app.metrics().await.sum("http_concurrent_requests") == 1.0).then_some(())
    })
    .await;
    let told = Instant::now();
    app.stop().await;
    let took = told.elapsed();
    assert!(
        (Duration::from_millis(200)..Duration::from_secs(9)).contains(&took),
        "it took {took:?}"
    );
}

#[tokio::test]
async fn an_idle_connection_does_not_delay_the_shutdown() {
    let app = TestApp::start_without_database(&["--shutdown-timeout=30s"]);
    let mut idle = client::Connection::open(app.address()).await;
    assert_eq!(idle.status_of("GET", "/echo").await, 200);
    let told = Instant::now();
    app.stop().await;
    assert!(told.elapsed() < Duration::from_secs(20), "it took {:?}", told.elapsed());
}
