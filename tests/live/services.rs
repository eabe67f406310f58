//! The services: ready, under load, in touch with each other, and of one mind about the counter.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;
use test_support::{
    repository,
    stack::{Part, TIME_LIMIT, query, wait_until_complete},
};
use tokio::task::JoinSet;

/// The values that these labels have together in the series of an expression.
async fn labels_of<const N: usize>(expr: &str, labels: [&str; N]) -> BTreeSet<[String; N]> {
    let series = query(expr).await;
    let value = |series: &Value, label: &str| series["metric"][label].as_str().unwrap_or_default().to_owned();
    series
        .iter()
        .map(|series| labels.map(|label| value(series, label)))
        .collect()
}

/// The route that answers at a path, as the label `path` has it.
fn route_of(path: &str) -> &str {
    if path.starts_with("/lorem/") {
        "/lorem/{kind}/{min}/{max}"
    } else {
        path
    }
}

/// Each service and route that the load's targets name.
fn loaded_paths() -> BTreeSet<[String; 2]> {
    let targets = repository::read(Path::new("vegeta/targets.http"));
    let urls = targets
        .lines()
        .filter_map(|line| line.split_once(" http://"))
        .map(|(_, url)| url);
    let paths: BTreeSet<_> = urls
        .map(|url| {
            let (address, path) = url.split_once('/').expect("a path after the address");
            let (service, _) = address.split_once(':').expect("a port after the service's name");
            [service.to_owned(), route_of(&format!("/{path}")).to_owned()]
        })
        .collect();
    assert!(!paths.is_empty(), "vegeta/targets.http names no target");
    paths
}

#[tokio::test]
async fn every_service_is_ready() {
    Part::App.get_when_ready("/readyz").await;
    Part::Beta.get_when_ready("/readyz").await;
    Part::Pager.get("/healthz", &[]).await;
}

#[tokio::test]
async fn the_load_reaches_every_path_of_both_services() {
    let expected = loaded_paths();
    wait_until_complete(TIME_LIMIT, "the load reaches every path", async || {
        let reached = labels_of(
            "sum by (job, path) (rate(http_requests_total[20s])) > 0",
            ["job", "path"],
        )
        .await;
        expected
            .difference(&reached)
            .map(|[job, path]| format!("no requests to {path} of {job}"))
            .collect()
    })
    .await;
}

#[tokio::test]
async fn the_load_keeps_within_the_rate_limit_of_lorem() {
    let lorem = r#"http_requests_total{path=~"/lorem/.*""#;
    let share =
        format!(r#"sum by (job) (rate({lorem}, status_code="200"}}[20s])) / sum by (job) (rate({lorem}}}[20s]))"#);
    wait_until_complete(TIME_LIMIT, "most requests to lorem get their text", async || {
        let within = labels_of(&format!("{share} > 0.8"), ["job"]).await;
        ["app", "beta"]
            .into_iter()
            .filter(|job| !within.contains(&[(*job).to_owned()]))
            .map(|job| format!("{job} refuses more than a fifth"))
            .collect()
    })
    .await;
}

#[tokio::test]
async fn prometheus_has_the_summaries_quantiles_of_both_services() {
    let expected: BTreeSet<_> = ["app", "beta"]
        .into_iter()
        .flat_map(|job| ["0.5", "0.9", "0.99"].map(|quantile| [job.to_owned(), quantile.to_owned()]))
        .collect();
    wait_until_complete(TIME_LIMIT, "the quantiles are numbers", async || {
        // A NaN is not at least 0.
        let numbers = labels_of("lorem_request_latency_seconds >= 0", ["job", "quantile"]).await;
        expected
            .difference(&numbers)
            .map(|[job, quantile]| format!("{job} has no quantile {quantile}"))
            .collect()
    })
    .await;
}

#[tokio::test]
async fn both_services_get_answers_from_each_other() {
    let expected = BTreeSet::from([["app", "beta"], ["beta", "app"]].map(|pair| pair.map(str::to_owned)));
    wait_until_complete(TIME_LIMIT, "both services call each other", async || {
        let answered = r#"sum by (job, peer) (rate(http_client_requests_total{status_code="200"}[20s])) > 0"#;
        let calling = labels_of(answered, ["job", "peer"]).await;
        expected
            .difference(&calling)
            .map(|[job, peer]| format!("{job} gets no answer from {peer}"))
            .collect()
    })
    .await;
}

#[tokio::test]
async fn both_services_hand_out_numbers_of_one_counter_and_none_twice() {
    const CALLS: usize = 100;
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        for service in [Part::App, Part::Beta] {
            calls.spawn(async move {
                let body = service.get_when_ready("/counter").await;
                let body: Value = serde_json::from_str(&body).expect("JSON");
                body["count"].as_i64().expect("a number")
            });
        }
    }
    let numbers: BTreeSet<_> = calls.join_all().await.into_iter().collect();
    assert_eq!(numbers.len(), 2 * CALLS, "some numbers came twice");
}

/// The most memory that an instance may use under load: 20 MB.
const MOST_MEMORY: f64 = 20e6;

#[tokio::test]
async fn an_instance_under_load_uses_little_memory() {
    let series = query(r#"process_resident_memory_bytes{job=~"app|beta"}"#).await;
    let services: BTreeSet<_> = series.iter().map(|series| series["metric"]["job"].as_str()).collect();
    assert_eq!(services.len(), 2, "both services tell of their memory: {series:?}");
    for instance in series {
        let bytes: f64 = instance["value"][1]
            .as_str()
            .and_then(|value| value.parse().ok())
            .expect("a number");
        println!("{} uses {:.1} MB", instance["metric"]["job"], bytes / 1e6);
        assert!(bytes < MOST_MEMORY, "{} uses {bytes} bytes", instance["metric"]["job"]);
    }
}
