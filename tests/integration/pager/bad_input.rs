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

    let mut unknown_status = notification("firing", "HighErrorRate", STARTED);
    unknown_status["alerts"][0]["status"] = json!("burning");
    let said = refusal(&pager, unknown_status.to_string(), 422).await;
    for part in ["alerts[0].status", "burning", "firing"] {
        assert!(said.contains(part), "no '{part}' in: {said}");
    }

    let mut no_time = notification("firing", "HighErrorRate", "yesterday");
    no_time["alerts"][0]["startsAt"] = json!("yesterday");
    let said = refusal(&pager, no_time.to_string(), 422).await;
    assert!(said.contains("alerts[0]"), "{said}");

    let said = refusal(&pager, json!({ "alerts": [] }).to_string(), 422).await;
    assert!(said.contains("receiver"), "{said}");

    assert!(ledger(folder.path()).is_empty(), "nothing of it is in the ledger");
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
}

#[tokio::test]
async fn an_oversized_notification_is_rejected() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    let mut large = notification("firing", "HighErrorRate", STARTED);
    large["alerts"][0]["annotations"]["description"] = json!("a".repeat(5 << 20));
    refusal(&pager, large.to_string(), 413).await;
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
