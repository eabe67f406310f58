//! What Alertmanager's documentation allows in a notification, and what it leaves out.

use serde_json::{Value, json};

use super::process::{PagerProcess, folder, names, notification};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// A notification with the fields that identify an alert, and no other.
fn bare(status: &str) -> Value {
    json!({ "alerts": [{ "status": status, "startsAt": STARTED, "fingerprint": "f1", "labels": { "alertname": "Bare" } }] })
}

#[tokio::test]
async fn unknown_missing_and_null_fields_are_accepted() {
    let mut nulls = bare("firing");
    for field in [
        "receiver",
        "groupLabels",
        "commonLabels",
        "commonAnnotations",
        "externalURL",
        "truncatedAlerts",
        "groupKey",
        "version",
        "status",
    ] {
        nulls[field] = Value::Null;
    }
    for field in ["annotations", "endsAt", "generatorURL"] {
        nulls["alerts"][0][field] = Value::Null;
    }
    let mut unknown = notification("firing", "Bare", STARTED);
    unknown["notificationReason"] = json!({ "new": ["field"] });
    unknown["alerts"][0]["values"] = json!({ "B": 1.5 });
    unknown["alerts"][0]["annotations"]["summary"] = Value::Null;
    let mut zero = bare("firing");
    zero["alerts"][0]["endsAt"] = json!("0001-01-01T00:00:00Z");
    let mut offset = bare("firing");
    offset["alerts"][0]["startsAt"] = json!("2026-11-21T12:00:00.000+02:00");

    for accepted in [bare("firing"), nulls, unknown, zero, offset] {
        let folder = folder();
        let pager = PagerProcess::start(folder.path(), &[]);
        pager.notify(&accepted).await;
        let pages = pager.pages().await;
        assert_eq!(names(&pages["firing"]), ["Bare"], "{accepted}");
        assert_eq!(pages["firing"][0]["started_at"], STARTED);
        pager.kill();
        let pager = PagerProcess::start(folder.path(), &[]);
        assert_eq!(pager.firing().await, ["Bare"], "from the ledger: {accepted}");
    }
}

#[tokio::test]
async fn no_alerts_are_no_page() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    for empty in [json!({ "alerts": [] }), json!({ "alerts": null })] {
        pager.notify(&empty).await;
    }
    assert!(pager.firing().await.is_empty());
}

#[tokio::test]
async fn a_resolution_without_a_time_ends_when_it_arrives() {
    for end in [Value::Null, json!("0001-01-01T00:00:00Z")] {
        let folder = folder();
        let pager = PagerProcess::start(folder.path(), &[]);
        pager.notify(&bare("firing")).await;
        let mut resolved = bare("resolved");
        resolved["alerts"][0]["endsAt"] = end;
        pager.notify(&resolved).await;
        let page = &pager.pages().await["history"][0];
        assert_eq!(page["ended_at"], page["resolution_delivered_at"]);
        assert_eq!(page["resolution_delivery_seconds"], 0.0);
    }
}

#[tokio::test]
async fn truncated_alerts_are_shown_logged_and_counted_until_the_group_is_whole() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    let mut cut = notification("firing", "HighErrorRate", STARTED);
    cut["truncatedAlerts"] = json!(9_000);
    pager.notify(&cut).await;
    let shown = pager.pages().await["truncated"].clone();
    assert_eq!(shown.as_array().map(Vec::len), Some(1));
    assert_eq!(shown[0]["alerts"], 9_000);
    assert_eq!(shown[0]["receiver"], "page");
    assert_eq!(pager.metrics().await.value("pager_alerts_truncated_total"), 9_000.0);
    pager.until_logged("max_alerts").await;
    pager.kill();

    let pager = PagerProcess::start(folder.path(), &[]);
    assert_eq!(pager.pages().await["truncated"], shown, "from the ledger");
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    assert_eq!(pager.pages().await["truncated"], json!([]));
}
