//! Prometheus is stopped: no alert can say so, but the pager does.

use std::time::{Duration, Instant};

use crate::{
    commands::{Finally, make},
    pager::{page, within},
    support::stack::Part,
};

const ALERT: &str = "MonitoringDown";

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_stopped_is_told_by_the_pager_and_its_return_too() {
    let heartbeat = &Part::Pager.json("/api/pages", &[]).await["heartbeat"];
    assert_eq!(heartbeat["fresh"], true, "the monitoring is alive: {heartbeat}");
    let set_time = Duration::from_secs_f64(heartbeat["timeout_seconds"].as_f64().expect("a duration"));

    let started_again = Finally(&["start", "APP=prometheus"]);
    make(&["stop", "APP=prometheus"]);
    let stopped = Instant::now();
    println!("   0.0 s  Prometheus is stopped; MonitoringDown must be there within {set_time:?} and 10 s");
    let patience = set_time + Duration::from_secs(10);
    within(patience, stopped, "MonitoringDown", async || {
        page("firing", ALERT, "").await
    })
    .await;

    drop(started_again);
    let started = Instant::now();
    println!("   0.0 s  Prometheus is started again");
    within(Duration::from_mins(3), started, "cleared", async || {
        page("firing", ALERT, "").await.is_none().then_some(())
    })
    .await;
    assert!(page("history", ALERT, "").await.is_some());
}
