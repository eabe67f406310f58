//! Ten thousand containers.

use std::time::Duration;

use test_support::exposition::eventually;

use super::{engine::Engine, process::Discover};

const MANY: u16 = 10_000;

/// Waits until they are found, and returns how long that poll took.
async fn find_many(discover: &Discover) -> Duration {
    eventually("all are found", async || {
        (discover.metrics().await.value("discovery_targets") == f64::from(MANY)).then_some(())
    })
    .await;
    let metrics = discover.metrics().await;
    assert_eq!(metrics.value("discovery_poll_duration_seconds_count"), 1.0);
    Duration::from_secs_f64(metrics.value("discovery_poll_duration_seconds_sum"))
}

/// The one poll of an engine that tells of no events.
fn discover_once(engine: &Engine) -> Discover {
    engine.answer_raw("/events", axum::http::StatusCode::FORBIDDEN, "");
    Discover::start(engine, &["--interval=1h"])
}

#[tokio::test]
async fn the_number_of_calls_does_not_depend_on_the_number_of_containers() {
    let mut calls = Vec::new();
    for count in [1, MANY] {
        let engine = Engine::start();
        engine.run(count);
        let discover = discover_once(&engine);
        discover.finds(count.into()).await;
        calls.push(engine.take_calls());
    }
    assert_eq!(calls[0], ["GET /info", "GET /containers/json"]);
    assert_eq!(calls[0], calls[1]);
}

#[tokio::test]
async fn ten_thousand_containers_take_less_than_100_mb() {
    let engine = Engine::start();
    engine.run(MANY);
    let discover = discover_once(&engine);
    find_many(&discover).await;
    let used = discover.most_memory();
    println!("{MANY} containers: at most {} MB", used / 1_000_000);
    assert!(used < 100_000_000, "{used} bytes");
}

#[tokio::test]
#[ignore = "a measurement of time, for an optimised build on a quiet machine: ci/discovery-test.sh"]
async fn ten_thousand_containers_are_polled_within_a_second() {
    let engine = Engine::start();
    engine.run(MANY);
    let mut took = Vec::new();
    for _ in 0..5 {
        took.push(find_many(&discover_once(&engine)).await);
    }
    took.sort();
    println!("a poll of {MANY} containers: {took:.0?}");
    assert!(took[took.len() / 2] < Duration::from_secs(1), "{took:?}");
}
