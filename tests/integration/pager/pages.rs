//! What the pager makes of the notifications.

use super::process::{PagerProcess, folder, ledger, names, notification};

const STARTED: &str = "2026-11-21T10:00:00Z";

#[tokio::test]
async fn a_resolved_page_moves_to_the_history() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    let pages = pager.pages().await;
    assert_eq!(names(&pages["firing"]), ["HighErrorRate"]);
    let page = &pages["firing"][0];
    assert_eq!(page["job"], "app");
    assert_eq!(page["severity"], "page");
    assert_eq!(page["summary"], "HighErrorRate happens");
    assert_eq!(page["started_at"], STARTED);

    pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
    let pages = pager.pages().await;
    assert!(names(&pages["firing"]).is_empty());
    assert_eq!(names(&pages["history"]), ["HighErrorRate"]);
    assert_eq!(pages["history"][0]["lasted_seconds"], 300.0);
    assert_eq!(pages["history"][0]["ended_at"], "2026-11-21T10:05:00Z");
}

#[tokio::test]
async fn every_notification_is_in_the_ledger_with_its_time() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
    let entries = ledger(folder.path());
    assert_eq!(entries.len(), 2);
    for (entry, status) in entries.iter().zip(["firing", "resolved"]) {
        assert_eq!(entry["event"], "notified");
        assert_eq!(entry["alerts"][0]["status"], status);
        assert!(entry["at"].as_str().is_some_and(|at| at.starts_with("20")), "{entry}");
    }
}

#[tokio::test]
async fn a_repeated_notification_changes_nothing_but_its_count() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    for _ in 0..3 {
        pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    }
    let pages = pager.pages().await;
    assert_eq!(names(&pages["firing"]), ["HighErrorRate"]);
    assert_eq!(pages["firing"][0]["notifications"], 3);

    for _ in 0..2 {
        pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
    }
    assert_eq!(names(&pager.pages().await["history"]), ["HighErrorRate"]);
}

#[tokio::test]
async fn a_late_notification_does_not_reopen_a_resolved_page() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    for status in ["firing", "resolved", "firing"] {
        pager.notify(&notification(status, "HighErrorRate", STARTED)).await;
    }
    assert!(pager.firing().await.is_empty());
}

#[tokio::test]
async fn an_alert_that_fires_again_opens_a_new_page() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
    pager
        .notify(&notification("firing", "HighErrorRate", "2026-11-21T11:00:00Z"))
        .await;
    let pages = pager.pages().await;
    assert_eq!(names(&pages["firing"]), ["HighErrorRate"]);
    assert_eq!(names(&pages["history"]), ["HighErrorRate"]);
}

#[tokio::test]
async fn a_resolution_without_a_firing_notification_is_in_the_history() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
    assert_eq!(names(&pager.pages().await["history"]), ["HighErrorRate"]);
}

#[tokio::test]
async fn the_metrics_count_what_arrives_and_what_fires() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("firing", "InstanceDown", STARTED)).await;
    pager.notify(&notification("resolved", "InstanceDown", STARTED)).await;
    let metrics = pager.metrics().await;
    assert_eq!(metrics.value("pager_notifications_total"), 3.0);
    assert_eq!(metrics.value(r#"pager_alerts_received_total{status="firing"}"#), 2.0);
    assert_eq!(metrics.value(r#"pager_alerts_received_total{status="resolved"}"#), 1.0);
    assert_eq!(metrics.value(r#"pager_pages_firing{severity="page"}"#), 1.0);
    assert_eq!(metrics.value(r#"pager_pages_firing{severity="other"}"#), 0.0);
}

#[tokio::test]
async fn the_metrics_pass_promtool() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    test_support::promtool::check_metrics(&pager.metrics_text().await);
}
