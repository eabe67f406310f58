//! The endless calls to the peer.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, http::HeaderMap, routing::get};
use test_support::exposition::{Exposition, eventually};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::app::TestApp;

/// Another service in the peer's place.
struct Other {
    calls: Arc<AtomicUsize>,
    with_an_id: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Other {
    fn serve(listener: TcpListener) -> Self {
        let (calls, with_an_id) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (counted, ids) = (Arc::clone(&calls), Arc::clone(&with_an_id));
        let router = Router::new().route(
            "/ping",
            get(async move |headers: HeaderMap| {
                counted.fetch_add(1, Ordering::Relaxed);
                if headers.get("x-request-id").is_some_and(|id| id.len() == 32) {
                    ids.fetch_add(1, Ordering::Relaxed);
                }
            }),
        );
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self {
            calls,
            with_an_id,
            serving,
        }
    }
}

fn caller_of(listener: &TcpListener) -> TestApp {
    let url = format!("--peer-url=http://{}", listener.local_addr().expect("an address"));
    TestApp::start_without_database(&[&url, "--peer-name=other", "--peer-pause=1ms", "--peer-timeout=200ms"])
}

fn calls(metrics: &Exposition, status_code: &str) -> f64 {
    metrics.value(&format!(
        r#"http_client_requests_total{{path="/ping",peer="other",status_code="{status_code}"}}"#
    ))
}

#[tokio::test]
async fn the_peer_is_called_again_and_again_with_a_request_id() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let app = caller_of(&listener);
    let other = Other::serve(listener);
    eventually("20 calls were answered", async || {
        (calls(&app.metrics().await, "200") >= 20.0).then_some(())
    })
    .await;
    let metrics = app.metrics().await;
    assert!(metrics.value(r#"http_client_request_duration_seconds_count{path="/ping",peer="other"}"#) >= 20.0);
    let answered = other.calls.load(Ordering::Relaxed);
    assert!(
        other.with_an_id.load(Ordering::Relaxed) >= answered - 1,
        "each of {answered} calls bears an id"
    );
}

#[tokio::test]
async fn a_peer_that_goes_away_is_called_again_when_it_is_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let app = caller_of(&listener);
    let other = Other::serve(listener);
    eventually("the peer is called", async || {
        (calls(&app.metrics().await, "200") > 0.0).then_some(())
    })
    .await;

    other.serving.abort();
    let _ = other.serving.await;
    eventually("calls without an answer are counted", async || {
        (calls(&app.metrics().await, "error") > 0.0).then_some(())
    })
    .await;

    let answered = calls(&app.metrics().await, "200");
    let _other = Other::serve(TcpListener::bind(address).await.expect("the same port"));
    eventually("the peer is called again", async || {
        (calls(&app.metrics().await, "200") > answered).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_unreachable_peer_is_called_with_growing_pauses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let app = caller_of(&listener);
    drop(listener);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let tries = calls(&app.metrics().await, "error");
    // With a pause of 10 ms that doubles, and jitter, there is room for seven to ten tries in a second; without
    // growing pauses there would be a hundred.
    assert!((3.0..=12.0).contains(&tries), "{tries} tries in a second");
}

#[tokio::test]
async fn calls_to_a_peer_that_never_answers_time_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let app = caller_of(&listener);
    // Connections are taken by the kernel and never answered.
    eventually("two calls have timed out", async || {
        (calls(&app.metrics().await, "error") >= 2.0).then_some(())
    })
    .await;
}
