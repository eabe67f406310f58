//! MonitoringDown: raised when the heartbeat stays away, cleared when it is back.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use test_support::exposition::eventually;
use tokio::time::sleep;

use super::process::{PagerProcess, folder, heartbeat, ledger, names};

const SOON: &[&str] = &["--heartbeat-timeout=5s"];

#[expect(clippy::disallowed_methods, reason = "a heartbeat has its date")]
fn now() -> Timestamp {
    Timestamp::now()
}

async fn until_down(pager: &PagerProcess) {
    eventually("MonitoringDown fires", async || {
        (pager.firing().await == ["MonitoringDown"]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_missing_heartbeat_raises_it_and_the_next_one_clears_it() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), SOON);
    pager.notify(&heartbeat(now())).await;
    assert!(pager.firing().await.is_empty());
    until_down(&pager).await;

    pager.notify(&heartbeat(now())).await;
    eventually("it is cleared", async || pager.firing().await.is_empty().then_some(())).await;
    assert_eq!(names(&pager.pages().await["history"]), ["MonitoringDown"]);
    let events: Vec<String> = ledger(folder.path())
        .iter()
        .map(|entry| entry["event"].to_string())
        .collect();
    assert_eq!(events[..2], ["\"monitoring_down\"", "\"monitoring_back\""]);
}

#[tokio::test]
async fn it_is_raised_if_the_first_heartbeat_is_missing() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), SOON);
    until_down(&pager).await;
}

#[tokio::test]
async fn a_repeated_heartbeat_of_an_old_evaluation_does_not_clear_it() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &["--heartbeat-timeout=3s"]);
    let evaluated_at = now() - SignedDuration::from_secs(60);
    pager.notify(&heartbeat(evaluated_at)).await;
    let age = pager.pages().await["heartbeat"]["age_seconds"]
        .as_f64()
        .expect("an age");
    assert!(age >= 60.0, "{age}");
    until_down(&pager).await;

    pager.notify(&heartbeat(evaluated_at)).await;
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(pager.firing().await, ["MonitoringDown"]);
}

#[tokio::test]
async fn a_restart_does_not_clear_it() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), SOON);
    until_down(&pager).await;
    pager.kill();
    let pager = PagerProcess::start(folder.path(), &["--heartbeat-timeout=1h"]);
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(pager.firing().await, ["MonitoringDown"]);
}

#[tokio::test]
async fn a_heartbeat_is_no_page_and_not_in_the_ledger() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&heartbeat(now())).await;
    assert!(pager.firing().await.is_empty());
    assert!(ledger(folder.path()).is_empty());
    assert_eq!(pager.metrics().await.value("pager_heartbeats_total"), 1.0);
}

#[tokio::test]
async fn a_resolved_watchdog_is_no_heartbeat() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    let mut resolved = heartbeat(now());
    resolved["alerts"][0]["status"] = "resolved".into();
    pager.notify(&resolved).await;
    let pages = pager.pages().await;
    assert_eq!(pages["heartbeat"]["fresh"], false);
    assert!(names(&pages["history"]).is_empty(), "and no page");
    assert_eq!(pager.metrics().await.value("pager_heartbeats_total"), 0.0);
    assert!(ledger(folder.path()).is_empty());
}
