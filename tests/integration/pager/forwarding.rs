//! Pages are forwarded to a webhook.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, http::StatusCode, routing::post};
use serde_json::{Value, json};
use test_support::exposition::eventually;
use tokio::net::TcpListener;

use super::process::{PagerProcess, folder, notification};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// A webhook that refuses a few messages and then takes them.
#[derive(Clone, Default)]
struct Webhook {
    refusals_left: Arc<Mutex<usize>>,
    taken: Arc<Mutex<Vec<Value>>>,
}

impl Webhook {
    /// Serves, and returns the pager's flag with its address.
    async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/hook", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        format!("--hand-on-url=http://{address}/hook")
    }

    /// Waits for this many messages.
    async fn messages(&self, count: usize) -> Vec<Value> {
        eventually(&format!("{count} messages were taken"), async || {
            let taken = self.taken.lock().expect("no panic");
            (taken.len() >= count).then(|| taken.clone())
        })
        .await
    }
}

async fn take(State(webhook): State<Webhook>, body: String) -> StatusCode {
    let mut refusals_left = webhook.refusals_left.lock().expect("no panic");
    if *refusals_left > 0 {
        *refusals_left -= 1;
        return StatusCode::BAD_GATEWAY;
    }
    webhook
        .taken
        .lock()
        .expect("no panic")
        .push(serde_json::from_str(&body).expect("JSON"));
    StatusCode::OK
}

#[tokio::test]
async fn a_page_is_forwarded_when_it_fires_and_when_it_is_resolved() {
    let webhook = Webhook::default();
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&webhook.serve().await]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
    let messages = webhook.messages(2).await;
    assert_eq!(messages.len(), 2, "a repeated notification is not forwarded");
    for (message, status) in messages.iter().zip(["firing", "resolved"]) {
        assert_eq!(message["status"], status);
        assert_eq!(message["page"]["alertname"], "HighErrorRate");
    }
}

#[tokio::test]
async fn the_slack_format_is_a_text() {
    let webhook = Webhook::default();
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&webhook.serve().await, "--hand-on-format=slack"]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    assert_eq!(
        webhook.messages(1).await[0],
        json!({
            "text": ":red_circle: firing: *HighErrorRate* (app): HighErrorRate happens <https://example.com/runbook|runbook>"
        })
    );
}

#[tokio::test]
async fn a_failed_forward_is_retried() {
    let webhook = Webhook::default();
    *webhook.refusals_left.lock().expect("no panic") = 1;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&webhook.serve().await]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    webhook.messages(1).await;
    eventually("it is counted", async || {
        let metrics = pager.metrics().await;
        (metrics.value(r#"pager_pages_handed_on_total{outcome="delivered"}"#) == 1.0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn warnings_are_not_forwarded() {
    let webhook = Webhook::default();
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&webhook.serve().await]);
    let mut warning = notification("firing", "HighLatency", STARTED);
    warning["alerts"][0]["labels"]["severity"] = json!("warning");
    pager.notify(&warning).await;
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    assert_eq!(webhook.messages(1).await[0]["page"]["alertname"], "HighErrorRate");
}
