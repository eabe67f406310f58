//! What is injected is what a real Prometheus reports, under known faults and a known load.
//!
//! The draws are seeded, so the counts are the same in every run. The delays are long beside what a busy machine adds.

use std::time::Duration;

use red_metrics::DURATION_BUCKETS;
use reqwest::Client;
use serde_json::json;
use test_support::prometheus::Prometheus;
use tokio::task::JoinSet;

use crate::app::TestApp;

/// Requests to each endpoint, and how many of them run at a time.
const REQUESTS: usize = 1_024;
const AT_A_TIME: usize = 32;

/// 99 % of a normal distribution lie within this many standard deviations.
const Z_99: f64 = 2.576;

/// The quantiles that are asked for, with the standard normal distribution's.
const QUANTILES: [(f64, f64); 3] = [(0.5, 0.0), (0.9, 1.2816), (0.99, 2.3263)];

/// Sends that many requests, each over a connection of its own: none is sent a second time after a drop.
async fn load(app: &TestApp, path: &str) {
    let client = Client::builder().pool_max_idle_per_host(0).build().expect("a client");
    let mut senders = JoinSet::new();
    for _ in 0..AT_A_TIME {
        let (client, url) = (client.clone(), app.at(path));
        senders.spawn(async move {
            for _ in 0..REQUESTS / AT_A_TIME {
                if let Ok(reply) = client.get(&url).send().await {
                    reply.bytes().await.expect("the body");
                }
            }
        });
    }
    senders.join_all().await;
}

/// Whether the share of requests with this status lies within the 99 % binomial interval of what was injected.
async fn assert_share(prometheus: &Prometheus, path: &str, status_code: &str, injected: f64) {
    let requests = |labels: &str| format!(r#"sum(http_requests_total{{path="{path}"{labels}}})"#);
    let labels = format!(r#",status_code="{status_code}""#);
    let observed = prometheus
        .ask(&format!("{} / {}", requests(&labels), requests("")))
        .await
        .unwrap_or_else(|| panic!("{path}: there is no {status_code}"));
    let margin = Z_99 * (injected * (1.0 - injected) / REQUESTS as f64).sqrt();
    println!("{path} {status_code}: injected {injected:.4}, observed {observed:.4}, margin {margin:.4}");
    assert!(
        (observed - injected).abs() <= margin,
        "{path} {status_code}: {observed}, not {injected} ± {margin}"
    );
}

/// The bucket that a duration falls into.
fn bucket(seconds: f64) -> usize {
    DURATION_BUCKETS.partition_point(|bound| *bound < seconds)
}

/// Whether the quantiles of the durations lie at most one bucket from those of the delays that were injected.
async fn assert_quantiles(prometheus: &Prometheus, path: &str, injected: impl Fn(f64, f64) -> f64) {
    for (quantile, z) in QUANTILES {
        let durations = format!(r#"sum by (le) (http_request_duration_seconds_bucket{{path="{path}"}})"#);
        let expr = format!("histogram_quantile({quantile}, {durations})");
        let observed = prometheus.ask(&expr).await.expect("a quantile");
        let injected = injected(quantile, z);
        println!(
            "{path} p{}: injected {injected:.4} s, observed {observed:.4} s",
            100.0 * quantile
        );
        assert!(
            bucket(observed).abs_diff(bucket(injected)) <= 1,
            "{path}, {quantile}: {observed} s, not {injected} s"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_tells_the_faults_and_the_requests_as_they_were() {
    let app = TestApp::start_without_database(&["--fault-seed=20"]);
    let prometheus = Prometheus::scraping(app.address()).await;
    let plan = json!({
        "ping": { "error_ratio": 0.02, "delay": "lognormal:150ms:0.5" },
        "echo": { "error_ratio": 0.3, "drop_ratio": 0.1, "delay": "uniform:60ms:600ms" },
    });
    let put = Client::new()
        .put(format!("{}/faults", app.control_url))
        .body(plan.to_string());
    assert_eq!(put.send().await.expect("an answer").status(), 200);
    prometheus.wait_for(r#"fault_error_ratio{path="/echo"}"#, 0.3).await;

    tokio::join!(load(&app, "/ping"), load(&app, "/echo"));
    for path in ["/ping", "/echo"] {
        let requests = format!(r#"sum(http_requests_total{{path="{path}"}})"#);
        prometheus.wait_for(&requests, REQUESTS as f64).await;
    }
    prometheus
        .wait_for("sum(http_requests_total)", 2.0 * REQUESTS as f64)
        .await;

    assert_share(&prometheus, "/ping", "500", 0.02).await;
    assert_share(&prometheus, "/ping", "200", 0.98).await;
    // An error is answered only where the connection is not dropped.
    assert_share(&prometheus, "/echo", "500", 0.9 * 0.3).await;
    assert_share(&prometheus, "/echo", "aborted", 0.1).await;
    for (path, kind, status_code) in [
        ("/ping", "error", "500"),
        ("/echo", "error", "500"),
        ("/echo", "drop", "aborted"),
    ] {
        let injected = format!(r#"sum(faults_injected_total{{path="{path}",kind="{kind}"}})"#);
        let observed = format!(r#"sum(http_requests_total{{path="{path}",status_code="{status_code}"}})"#);
        prometheus.wait_for(&format!("{injected} - {observed}"), 0.0).await;
    }

    assert_quantiles(&prometheus, "/ping", |_, z| 0.15 * (0.5 * z).exp()).await;
    assert_quantiles(&prometheus, "/echo", |quantile, _| 0.06 + 0.54 * quantile).await;
    tokio::time::timeout(Duration::from_secs(30), app.stop())
        .await
        .expect("it ends");
}
