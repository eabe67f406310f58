//! Half of the requests to one endpoint fail: somebody is paged, warnings of the same service are held back, and the end
//! is told too.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::time::interval;

use crate::{
    commands::{Finally, Setting, make},
    pager::{page, state_in_prometheus, within},
    support::{
        dashboard::{Dashboard, fill_in},
        stack::{Part, query},
    },
};

const ALERT: &str = "HighErrorRate";

/// The made-up warning that is to be held back, or not.
const WARNING: &str = "MadeUpWarning";

/// Twenty requests a second, so that something fails whether the load still runs or not.
async fn ask_endlessly() {
    let (client, url) = (Client::new(), Part::Beta.url("/echo", &[]));
    let mut tick = interval(Duration::from_millis(50));
    loop {
        tick.tick().await;
        // While beta restarts there is nobody to answer.
        let _ = client.get(url.clone()).send().await;
    }
}

/// Tells Alertmanager of a warning about this job, for ten minutes.
async fn warn_of(job: &str) {
    let ends_at = Timestamp::now() + SignedDuration::from_mins(10);
    let alerts = json!([{
        "labels": { "alertname": WARNING, "job": job, "severity": "warning" },
        "annotations": { "summary": "Made up by a test" },
        "endsAt": ends_at.to_string(),
    }]);
    post_alerts(&alerts).await;
}

/// Tells Alertmanager that it is over.
async fn all_clear(job: &str) {
    let alerts = json!([{
        "labels": { "alertname": WARNING, "job": job, "severity": "warning" },
        "endsAt": Timestamp::now().to_string(),
    }]);
    post_alerts(&alerts).await;
}

async fn post_alerts(alerts: &Value) {
    let reply = Client::new()
        .post(Part::Alertmanager.url("/api/v2/alerts", &[]))
        .header("content-type", "application/json")
        .body(alerts.to_string())
        .send()
        .await
        .expect("Alertmanager answers");
    assert!(reply.status().is_success(), "Alertmanager refuses: {}", reply.status());
}

/// Whether Alertmanager holds the warning about this job back because of another alert.
async fn is_inhibited(job: &str) -> bool {
    let filter = format!(r#"alertname="{WARNING}""#);
    let alerts = Part::Alertmanager.json("/api/v2/alerts", &[("filter", &filter)]).await;
    let alerts = alerts.as_array().expect("a list of alerts").clone();
    alerts.iter().any(|alert| {
        let by = alert["status"]["inhibitedBy"].as_array();
        alert["labels"]["job"] == job && by.is_some_and(|by| !by.is_empty())
    })
}

/// The annotations of HTTP Services that would not be drawn for beta now.
async fn undrawn_annotations() -> Vec<String> {
    let dashboards = Dashboard::all();
    let dashboard = dashboards
        .iter()
        .find(|dashboard| dashboard.uid == "http-services")
        .expect("HTTP Services");
    let mut values = dashboard.any_values();
    values.insert("service", "beta".to_owned());
    let mut undrawn = Vec::new();
    for annotation in dashboard.annotations() {
        let expr = fill_in(&annotation.expr, &values);
        if query(&expr).await.is_empty() {
            undrawn.push(expr);
        }
    }
    undrawn
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_burst_is_paged_and_its_end_is_told() {
    assert_eq!(state_in_prometheus(ALERT, "beta").await, None, "nothing is broken yet");
    let asking = tokio::spawn(ask_endlessly());

    let mended = Finally(&["restart", "APP=beta"]);
    let burst = Setting::add("OBSERVER_ECHO_ERROR_RATIO=0.5");
    make(&["restart", "APP=beta"]);
    let broken = Instant::now();
    println!("   0.0 s  half of the requests to /echo of beta fail");

    let in_state = async |state: &str| (state_in_prometheus(ALERT, "beta").await? == state).then_some(());
    within(Duration::from_mins(2), broken, "pending", async || {
        in_state("pending").await
    })
    .await;
    within(Duration::from_mins(3), broken, "firing", async || {
        in_state("firing").await
    })
    .await;
    let fired = within(Duration::from_mins(1), broken, "on the pager", async || {
        page("firing", ALERT, "beta").await
    })
    .await;
    assert_eq!(fired["severity"], "page");
    assert_eq!(
        page("firing", ALERT, "app").await,
        None,
        "the other service is left alone"
    );
    let undrawn = undrawn_annotations().await;
    assert!(
        undrawn.is_empty(),
        "the dashboard does not draw what happens: {undrawn:?}"
    );

    for job in ["app", "beta"] {
        warn_of(job).await;
    }
    within(
        Duration::from_mins(1),
        broken,
        "the warning about app is on the pager",
        async || page("firing", WARNING, "app").await,
    )
    .await;
    within(
        Duration::from_mins(1),
        broken,
        "the warning about beta is inhibited",
        async || is_inhibited("beta").await.then_some(()),
    )
    .await;
    assert!(!is_inhibited("app").await);
    assert_eq!(
        page("firing", WARNING, "beta").await,
        None,
        "and does not reach the pager"
    );
    for job in ["app", "beta"] {
        all_clear(job).await;
    }

    drop(burst);
    drop(mended);
    let repaired = Instant::now();
    println!("   0.0 s  mended");
    within(Duration::from_mins(4), repaired, "resolved", async || {
        state_in_prometheus(ALERT, "beta").await.is_none().then_some(())
    })
    .await;
    let over = within(
        Duration::from_mins(1),
        repaired,
        "the resolution is on the pager",
        async || page("history", ALERT, "beta").await,
    )
    .await;
    asking.abort();

    for time in ["started_at", "delivered_at", "ended_at", "resolution_delivered_at"] {
        println!("          {time}: {}", over[time]);
        assert!(over[time].is_string(), "the ledger knows {time}");
    }
    let delivery = over["delivery_seconds"].as_f64().expect("a duration");
    assert!(delivery < 60.0, "from Prometheus to the pager in {delivery} s");
}
