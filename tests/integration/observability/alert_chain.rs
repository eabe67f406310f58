//! The links of the alert chain, with a real Prometheus and a real Alertmanager: what they expose of themselves, and what
//! an alert looks like when it leaves Prometheus.

use std::{collections::BTreeSet, fs, path::Path};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde_json::Value;
use test_support::{
    alertmanager::Alertmanager, exposition::Exposition, prometheus::Prometheus, promql::Catalog, repository,
};
use tokio::{net::TcpListener, sync::mpsc};

use super::names::{NEWER_LABELS, OF_OTHERS};
use crate::pager::process::PagerProcess;

/// The project's configuration of Prometheus, with these values for what each runtime sets.
fn configuration(alertmanager: &str, runbooks: &str) -> String {
    let rules = repository::root().join("prometheus/rules");
    repository::read(Path::new("prometheus/prometheus.yml"))
        .replace("${RUNBOOKS_URL}", runbooks)
        .replace("rules/*.yml", &format!("{}/*.yml", rules.display()))
        .replace("alertmanager:9093", alertmanager)
        .replace("prometheus:9090", "SELF")
        .replace("evaluation_interval: 15s", "evaluation_interval: 1s")
}

/// Alertmanager's configuration, with a receiver that is not there.
fn alertmanager_configuration(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("alertmanager.yml");
    let configuration =
        repository::read(Path::new("alertmanager/alertmanager.yml")).replace("pager:8090", "127.0.0.1:1");
    fs::write(&file, configuration).expect("a file");
    file
}

/// The labels of a metric, if it is exposed.
fn labels(exposition: &Exposition, metric: &str) -> Option<BTreeSet<String>> {
    let mut catalog = Catalog::default();
    for series in exposition.series() {
        if series.split('{').next() == Some(metric) {
            catalog.add_series(series, &[]);
        }
    }
    let (labels, complaints) = catalog.check(metric);
    complaints.is_empty().then_some(labels)
}

#[tokio::test]
async fn prometheus_and_alertmanager_expose_what_the_rules_and_dashboards_need() {
    let folder = tempfile::tempdir().expect("a folder");
    let alertmanager = Alertmanager::start(&alertmanager_configuration(folder.path())).await;
    let prometheus = Prometheus::start(&configuration(&alertmanager.address, "http://127.0.0.1:8090/runbooks"));
    // The last series to appear: it has sent an alert.
    prometheus
        .wait_for("sum(prometheus_notifications_sent_total) > bool 0", 1.0)
        .await;
    let (of_prometheus, of_alertmanager) = (prometheus.metrics().await, alertmanager.metrics().await);
    let mut complaints = Vec::new();
    for (metric, listed) in OF_OTHERS {
        let exposition = if metric.starts_with("prometheus_") {
            &of_prometheus
        } else {
            &of_alertmanager
        };
        let Some(found) = labels(exposition, metric) else {
            complaints.push(format!("{metric} is not exposed"));
            continue;
        };
        let listed: BTreeSet<String> = listed.iter().map(|label| (*label).to_owned()).collect();
        complaints.extend(
            (&found - &listed)
                .iter()
                .map(|label| format!("{metric} has a label {label}, too")),
        );
        let gone = (&listed - &found)
            .into_iter()
            .filter(|label| !NEWER_LABELS.contains(&(metric, label)));
        complaints.extend(gone.map(|label| format!("{metric} has no label {label}")));
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[tokio::test]
async fn an_alert_leaves_prometheus_with_a_link_to_its_runbook_and_without_the_external_label() {
    let folder = tempfile::tempdir().expect("a folder");
    let pager = PagerProcess::start(folder.path(), &[]);
    let runbooks = format!("{}/runbooks", pager.url);
    let (alerts, mut received) = mpsc::unbounded_channel();
    let prometheus = Prometheus::start(&configuration(&capture(alerts).await, &runbooks));
    let watchdog = loop {
        let alerts: Vec<Value> = received.recv().await.expect("Prometheus sends");
        if let Some(alert) = alerts.iter().find(|alert| alert["labels"]["alertname"] == "Watchdog") {
            break alert.clone();
        }
    };
    drop(prometheus);
    let url = watchdog["annotations"]["runbook_url"].as_str().expect("a text");
    assert_eq!(url, format!("{runbooks}/Watchdog"));
    assert_eq!(
        reqwest::get(url).await.expect("an answer").status(),
        reqwest::StatusCode::OK
    );
    assert_eq!(watchdog["labels"]["runbooks"], Value::Null, "{watchdog}");
}

/// Serves Alertmanager's API for new alerts, and returns the address.
async fn capture(alerts: mpsc::UnboundedSender<Vec<Value>>) -> String {
    async fn take(
        State(alerts): State<mpsc::UnboundedSender<Vec<Value>>>,
        Json(received): Json<Vec<Value>>,
    ) -> StatusCode {
        // The test may have ended.
        let _ = alerts.send(received);
        StatusCode::OK
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let router = Router::new().route("/api/v2/alerts", post(take)).with_state(alerts);
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    address
}
