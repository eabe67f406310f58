//! What is no notification is answered clearly, and the pager goes on.

use serde_json::{Value, json};

use super::process::{PagerProcess, folder, ledger, notification};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// Sends a body that must be refused, and returns what the answer says.
async fn refusal(pager: &PagerProcess, body: String, status: u16) -> String {
    let reply = pager.post(body).await.expect("an answer");
    assert_eq!(reply.status(), status);
    assert_eq!(reply.headers()["content-type"], "application/problem+json");
    let problem: Value = serde_json::from_slice(&reply.bytes().await.expect("the body")).expect("JSON");
    problem["detail"].as_str().expect("a detail").to_owned()
}

#[tokio::test]
async fn a_malformed_notification_is_rejected_with_field_and_expectation() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);

    let broken = refusal(&pager, "{\"receiver\": ".to_owned(), 400).await;
    assert!(broken.contains("EOF"), "{broken}");

    let alert = |field: &str, value: Value| {
        let mut notification = notification("firing", "HighErrorRate", STARTED);
        notification["alerts"][0][field] = value;
        notification
    };
    let without = |field: &str| {
        let mut notification = notification("firing", "HighErrorRate", STARTED);
        notification["alerts"][0]
            .as_object_mut()
            .expect("an alert")
            .remove(field);
        notification
    };
    for (invalid, parts) in [
        (
            alert("status", json!("burning")),
            ["alerts[0].status", "burning", "firing"],
        ),
        (
            alert("startsAt", json!("yesterday")),
            ["alerts[0].startsAt", "yesterday", "RFC 3339"],
        ),
        (alert("startsAt", json!(5)), ["alerts[0].startsAt", "5", "a string"]),
        (alert("endsAt", json!("soon")), ["alerts[0].endsAt", "soon", "RFC 3339"]),
        (alert("labels", json!([])), ["alerts[0].labels", "sequence", "a map"]),
        (
            alert("labels", json!({ "job": 5 })),
            ["alerts[0].labels", "5", "a string"],
        ),
        (
            alert("fingerprint", json!("")),
            ["alerts[0].fingerprint", "0 bytes", "expected 1 to 128"],
        ),
        (without("startsAt"), ["alerts[0]", "missing field", "startsAt"]),
        (without("fingerprint"), ["alerts[0]", "missing field", "fingerprint"]),
        (without("status"), ["alerts[0]", "missing field", "status"]),
        (json!({ "receiver": "page" }), ["missing field", "alerts", ""]),
        (json!({ "alerts": 5 }), ["alerts", "5", "a sequence"]),
    ] {
        let said = refusal(&pager, invalid.to_string(), 400).await;
        for part in parts {
            assert!(said.contains(part), "no '{part}' in: {said}");
        }
        pager.until_logged(parts[0]).await;
    }

    assert!(ledger(folder.path()).is_empty(), "nothing of it is in the ledger");
    let refused = pager.metrics().await;
    assert_eq!(
        refused.value(r#"pager_notifications_refused_total{reason="invalid"}"#),
        13.0
    );
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
}

#[tokio::test]
async fn an_oversized_notification_is_rejected_logged_and_counted() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    let mut large = notification("firing", "HighErrorRate", STARTED);
    large["alerts"][0]["annotations"]["description"] = json!("a".repeat(300));
    let alert = large["alerts"][0].clone();
    large["alerts"] = json!(vec![alert; 10_000]);
    let large = large.to_string();
    assert!(large.len() > 4 << 20, "{}", large.len());
    refusal(&pager, large, 413).await;
    let metrics = pager.metrics().await;
    assert_eq!(
        metrics.value(r#"pager_notifications_refused_total{reason="too_large"}"#),
        1.0
    );
    pager.until_logged("max_alerts").await;
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
}

#[tokio::test]
async fn a_body_without_the_json_content_type_is_rejected() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    let reply = reqwest::Client::new()
        .post(format!("{}/alerts", pager.url))
        .body(notification("firing", "HighErrorRate", STARTED).to_string())
        .send()
        .await
        .expect("an answer");
    assert_eq!(reply.status(), 415);
}
