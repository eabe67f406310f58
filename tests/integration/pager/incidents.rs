//! An incident is an alert and the time from which it fires.

use serde_json::Value;

use super::process::{PagerProcess, ended_at, folder, names, notification};

const FIRST: &str = "2026-11-21T07:00:00Z";
const SECOND: &str = "2026-11-21T09:30:00Z";

fn firing(started_at: &str) -> Value {
    notification("firing", "HighErrorRate", started_at)
}

fn resolved(started_at: &str, end: &str) -> Value {
    ended_at(notification("resolved", "HighErrorRate", started_at), end)
}

async fn started(pager: &PagerProcess, list: &str) -> Vec<Value> {
    let pages = pager.pages().await;
    let pages = pages[list].as_array().expect("a list of pages");
    pages.iter().map(|page| page["started_at"].clone()).collect()
}

#[tokio::test]
async fn a_later_start_ends_the_first_incident_and_begins_a_second() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&firing(FIRST)).await;
    pager.notify(&firing(SECOND)).await;
    assert_eq!(started(&pager, "firing").await, [SECOND]);
    let first = pager.pages().await["history"][0].clone();
    assert_eq!(first["started_at"], FIRST);
    assert_eq!(first["end_reason"], "superseded");
    assert_eq!(first["ended_at"], SECOND);
    assert_eq!(first["lasted_seconds"], 9000.0);
    pager.kill();

    let pager = PagerProcess::start(folder.path(), &[]);
    assert_eq!(started(&pager, "firing").await, [SECOND]);
    assert_eq!(pager.pages().await["history"][0], first, "a restart changes nothing");
}

#[tokio::test]
async fn a_resolution_ends_only_its_own_incident() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&firing(FIRST)).await;
    pager.notify(&firing(SECOND)).await;
    pager.notify(&resolved(FIRST, "2026-11-21T08:10:00Z")).await;
    pager.notify(&resolved(FIRST, "2026-11-21T10:05:00Z")).await;
    assert_eq!(started(&pager, "firing").await, [SECOND]);
    assert_eq!(started(&pager, "history").await, [FIRST]);

    pager.notify(&resolved(SECOND, "2026-11-21T10:05:00Z")).await;
    assert!(started(&pager, "firing").await.is_empty());
    let pages = pager.pages().await;
    assert_eq!(names(&pages["history"]).len(), 2);
    assert_eq!(pages["history"][0]["end_reason"], "resolved");
}

#[tokio::test]
async fn a_late_notification_of_an_old_incident_changes_nothing() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&firing(FIRST)).await;
    pager.notify(&firing(SECOND)).await;
    let before = pager.pages().await;
    pager.notify(&firing(FIRST)).await;
    let after = pager.pages().await;
    assert_eq!(after["firing"], before["firing"]);
    assert_eq!(after["history"], before["history"]);

    pager.notify(&resolved(SECOND, "2026-11-21T10:05:00Z")).await;
    for late in [firing(FIRST), firing(SECOND), resolved(FIRST, SECOND)] {
        pager.notify(&late).await;
    }
    assert!(started(&pager, "firing").await.is_empty());
    assert_eq!(started(&pager, "history").await, [SECOND, FIRST]);
}

#[tokio::test]
async fn a_resolution_of_a_later_incident_ends_both_and_records_the_later_one() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&firing(FIRST)).await;
    pager.notify(&resolved(SECOND, "2026-11-21T10:05:00Z")).await;
    assert!(started(&pager, "firing").await.is_empty());
    let history = pager.pages().await["history"].clone();
    assert_eq!(history[0]["started_at"], SECOND);
    assert_eq!(history[0]["end_reason"], "resolved");
    assert_eq!(history[1]["end_reason"], "superseded");
}

#[tokio::test]
async fn a_resolution_of_an_incident_that_was_over_before_is_recorded_beside_the_firing_one() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&firing(SECOND)).await;
    pager.notify(&resolved(FIRST, "2026-11-21T08:10:00Z")).await;
    assert_eq!(started(&pager, "firing").await, [SECOND]);
    assert_eq!(started(&pager, "history").await, [FIRST]);
}

/// Alertmanager merges alerts that overlap, as two Prometheus servers send them, and keeps the earliest start.
#[tokio::test]
async fn a_start_that_moves_earlier_is_the_same_incident() {
    const MERGED: &str = "2026-11-21T09:29:55Z";
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&firing(SECOND)).await;
    let id = pager.pages().await["firing"][0]["id"].clone();
    for repeated in [MERGED, SECOND, MERGED] {
        pager.notify(&firing(repeated)).await;
        assert_eq!(started(&pager, "firing").await, [MERGED]);
    }
    assert_eq!(pager.pages().await["firing"][0]["id"], id);
    pager.notify(&resolved(MERGED, "2026-11-21T10:05:00Z")).await;
    for late in [MERGED, SECOND] {
        pager.notify(&firing(late)).await;
        assert!(started(&pager, "firing").await.is_empty());
    }
    assert_eq!(started(&pager, "history").await, [MERGED]);
}

#[tokio::test]
async fn a_resolution_whose_start_has_moved_earlier_ends_the_incident() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&firing(SECOND)).await;
    pager
        .notify(&resolved("2026-11-21T09:29:55Z", "2026-11-21T10:05:00Z"))
        .await;
    assert!(started(&pager, "firing").await.is_empty());
    assert_eq!(pager.pages().await["history"].as_array().map(Vec::len), Some(1));
}
