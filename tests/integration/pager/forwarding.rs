//! Pages are forwarded to a webhook.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use axum::{http::StatusCode, response::IntoResponse};
use serde_json::{Value, json};
use test_support::exposition::eventually;
use tokio::time::sleep;

use super::{
    process::{PagerProcess, command, ended_at, folder, ledger, notification},
    receiver::{Receiver, redirect},
};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// The name of the alert in a forwarded message.
fn name(message: &Value) -> &str {
    message["page"]["alertname"].as_str().unwrap_or_default()
}

/// The entries of the ledger that have the outcome of a message.
fn forwarded(folder: &Path) -> Vec<Value> {
    let mut entries = ledger(folder);
    entries.retain(|entry| entry["event"] == "forwarded");
    entries
}

/// Waits until this many messages have this outcome.
async fn until_counted(pager: &PagerProcess, outcome: &str, count: f64) {
    let series = format!("pager_pages_handed_on_total{{outcome=\"{outcome}\"}}");
    eventually(&format!("{series} is {count}"), async || {
        (pager.metrics().await.value(&series) == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_page_is_forwarded_when_it_fires_and_when_it_is_resolved() {
    let receiver = Receiver::start().await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
    let messages = receiver.messages(2).await;
    assert_eq!(messages.len(), 2, "a repeated notification is not forwarded");
    for (message, status) in messages.iter().zip(["firing", "resolved"]) {
        assert_eq!(message["status"], status);
        assert_eq!(message["page"]["alertname"], "HighErrorRate");
        assert_eq!(message["page"]["id"], format!("of-HighErrorRate@{STARTED}"));
    }
    until_counted(&pager, "delivered", 2.0).await;
    let page = &pager.pages().await["history"][0];
    let [firing, resolved] = &forwarded(folder.path())[..] else {
        panic!("two messages have an outcome");
    };
    let forwarding = json!({
        "firing": "delivered", "firing_since": firing["at"],
        "resolved": "delivered", "resolved_since": resolved["at"],
    });
    assert_eq!(page["forwarding"], forwarding);
    pager.stop();

    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    assert_eq!(
        pager.pages().await["history"][0]["forwarding"],
        forwarding,
        "the ledger has the times"
    );
}

#[tokio::test]
async fn both_incidents_of_an_alert_are_forwarded() {
    let receiver = Receiver::start().await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    for started in ["2026-11-21T07:00:00Z", "2026-11-21T09:30:00Z"] {
        pager.notify(&notification("firing", "HighErrorRate", started)).await;
    }
    let mut messages: Vec<String> = receiver
        .messages(3)
        .await
        .iter()
        .map(|message| format!("{} {}", message["status"], message["page"]["started_at"]))
        .collect();
    messages.sort();
    assert_eq!(
        messages,
        [
            r#""firing" "2026-11-21T07:00:00Z""#,
            r#""firing" "2026-11-21T09:30:00Z""#,
            r#""resolved" "2026-11-21T07:00:00Z""#,
        ]
    );
}

#[tokio::test]
async fn a_failed_forward_is_retried() {
    let failures = AtomicUsize::new(0);
    let receiver = Receiver::answering(move |_| {
        if failures.fetch_add(1, Ordering::Relaxed) == 0 {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        StatusCode::OK.into_response()
    })
    .await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    receiver.messages(1).await;
    until_counted(&pager, "delivered", 1.0).await;
    pager.until_logged("502").await;
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let first = std::sync::Mutex::new(None);
    let receiver = Receiver::answering(move |_| {
        let mut first = first.lock().expect("no panic");
        let started: &mut Instant = first.get_or_insert_with(Instant::now);
        if started.elapsed() < Duration::from_millis(2_500) {
            return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "3")]).into_response();
        }
        StatusCode::OK.into_response()
    })
    .await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    receiver.messages(1).await;
    assert_eq!(receiver.requests().len(), 2, "one refusal, one delivery");
}

#[tokio::test]
async fn warnings_are_not_forwarded() {
    let receiver = Receiver::start().await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    let mut warning = notification("firing", "HighLatency", STARTED);
    warning["alerts"][0]["labels"]["severity"] = json!("warning");
    pager.notify(&warning).await;
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    assert_eq!(name(&receiver.messages(1).await[0]), "HighErrorRate");
    assert!(pager.pages().await["firing"][1]["forwarding"].is_null());
}

#[tokio::test]
async fn a_redirect_or_a_4xx_is_final_and_delays_no_other_page() {
    let elsewhere = Receiver::start().await;
    let location = format!("http://{}/", elsewhere.address);
    let receiver = Receiver::answering(move |message| match name(message) {
        "Moved" => redirect(302, &location),
        "MovedWithBody" => redirect(307, &location),
        "Unwanted" => StatusCode::GONE.into_response(),
        "Failing" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => StatusCode::OK.into_response(),
    })
    .await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    for alertname in ["Failing", "Moved", "MovedWithBody", "Unwanted", "Wanted"] {
        pager.notify(&notification("firing", alertname, STARTED)).await;
    }
    assert_eq!(name(&receiver.messages(1).await[0]), "Wanted");
    until_counted(&pager, "refused", 3.0).await;
    until_counted(&pager, "delivered", 1.0).await;
    assert!(elsewhere.requests().is_empty(), "no redirect is followed");
    pager.until_logged("redirects are not followed").await;
    let pages = pager.pages().await;
    assert_eq!(pages["forwarding"]["refused"], 3);
    assert_eq!(pages["forwarding"]["pending"], 1);
    let attempts = |alertname| {
        receiver
            .requests()
            .iter()
            .filter(|message| name(message) == alertname)
            .count()
    };
    assert_eq!(attempts("Moved"), 1);
    assert_eq!(attempts("Unwanted"), 1);
}

#[tokio::test]
async fn a_page_of_a_webhook_that_keeps_failing_is_given_up_counted_and_shown() {
    let receiver = Receiver::answering(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()).await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag(), "--forward-retry-for=1s"]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    until_counted(&pager, "given_up", 1.0).await;
    let pages = pager.pages().await;
    assert_eq!(pages["forwarding"]["given_up"], 1);
    assert!(receiver.requests().len() >= 2, "it was retried");
    let entries = ledger(folder.path());
    let outcome = entries.last().expect("an entry");
    assert_eq!(outcome["event"], "forwarded");
    assert_eq!(outcome["outcome"], "given_up");
    let forwarding = &pages["firing"][0]["forwarding"];
    assert_eq!(forwarding["firing"], "given_up");
    assert_eq!(forwarding["firing_since"], outcome["at"]);
}

#[tokio::test]
async fn a_page_is_forwarded_after_a_restart_if_the_receiver_was_away() {
    for sigkill in [false, true] {
        let receiver = Receiver::start().await;
        let flag = receiver.flag();
        let address = receiver.stop().await;
        let folder = folder();
        let pager = PagerProcess::start(folder.path(), &[&flag]);
        pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
        pager.notify(&notification("resolved", "HighErrorRate", STARTED)).await;
        pager.until_logged("cannot forward").await;
        let pages = pager.pages().await;
        assert_eq!(pages["forwarding"]["pending"], 2);
        let page = &pages["history"][0];
        assert_eq!(
            page["forwarding"],
            json!({
                "firing": "pending", "firing_since": page["delivered_at"],
                "resolved": "pending", "resolved_since": page["resolution_delivered_at"],
            })
        );
        if sigkill {
            pager.kill();
        } else {
            pager.stop();
        }

        let receiver = Receiver::on(address, |_| StatusCode::OK.into_response()).await;
        let pager = PagerProcess::start(folder.path(), &[&flag]);
        let messages = receiver.messages(2).await;
        assert_eq!(messages[0]["status"], "firing");
        assert_eq!(messages[1]["status"], "resolved");
        until_counted(&pager, "delivered", 2.0).await;
        pager.stop();

        let pager = PagerProcess::start(folder.path(), &[&flag]);
        sleep(Duration::from_millis(300)).await;
        assert_eq!(receiver.requests().len(), 2, "what was delivered is not sent again");
        assert_eq!(pager.pages().await["forwarding"]["delivered"], 2);
    }
}

#[tokio::test]
async fn a_webhook_that_is_new_does_not_receive_what_happened_before() {
    let folder = folder();
    // As a ledger of an earlier version has it.
    let old = json!({
        "at": "2025-01-01T00:00:00Z", "event": "notified", "receiver": "page",
        "alerts": [{
            "status": "firing", "labels": { "alertname": "Old", "severity": "page" }, "annotations": {},
            "starts_at": "2025-01-01T00:00:00Z", "ends_at": "0001-01-01T00:00:00Z", "fingerprint": "of-Old"
        }]
    });
    std::fs::write(folder.path().join("ledger.jsonl"), format!("{old}\n")).expect("a ledger");
    let receiver = Receiver::start().await;
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    assert_eq!(pager.firing().await, ["Old"]);
    pager.notify(&notification("firing", "New", STARTED)).await;
    assert_eq!(name(&receiver.messages(1).await[0]), "New");
    pager
        .notify(&notification("resolved", "Old", "2025-01-01T00:00:00Z"))
        .await;
    assert_eq!(
        receiver.messages(2).await[1]["status"],
        "resolved",
        "but what ends from now on"
    );
    pager.stop();

    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "Between", STARTED)).await;
    pager.stop();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    pager.notify(&notification("firing", "After", STARTED)).await;
    assert_eq!(name(&receiver.messages(3).await[2]), "After");
}

#[tokio::test]
async fn a_resolution_without_a_firing_notification_is_forwarded_with_its_beginning() {
    let receiver = Receiver::start().await;
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&receiver.flag()]);
    let resolved = notification("resolved", "HighErrorRate", STARTED);
    pager.notify(&ended_at(resolved, "2026-11-21T10:30:00Z")).await;
    let messages = receiver.messages(2).await;
    assert_eq!(messages[0]["status"], "firing");
    assert_eq!(messages[1]["status"], "resolved");
    assert_eq!(messages[1]["page"]["ended_at"], "2026-11-21T10:30:00Z");
}

#[tokio::test]
async fn the_former_names_of_the_settings_work_and_are_logged() {
    let receiver = Receiver::start().await;
    let folder = folder();
    let mut command = command(folder.path(), &[]);
    command
        .env(
            "OBSERVER_PAGER_HAND_ON_URL",
            format!("http://{}/hook", receiver.address),
        )
        .arg("--hand-on-format=slack");
    let pager = PagerProcess::spawn(&mut command);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    assert!(receiver.messages(1).await[0]["text"].is_string());
    for part in [
        "OBSERVER_PAGER_HAND_ON_URL",
        "OBSERVER_PAGER_FORWARD_URL",
        "--hand-on-format",
        "--forward-format",
    ] {
        pager.until_logged(part).await;
    }
}
