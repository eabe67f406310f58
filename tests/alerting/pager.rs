//! What the stack says of an alert, from Prometheus to the pager.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::time::sleep;

use crate::support::stack::{Part, prometheus};

/// The state of an alert in Prometheus, `pending` or `firing`, or nothing.
pub async fn state_in_prometheus(alertname: &str, job: &str) -> Option<String> {
    prometheus("alerts", &[], Some("alerts"))
        .await
        .into_iter()
        .find(|alert| alert["labels"]["alertname"] == alertname && alert["labels"]["job"] == job)
        .map(|alert| alert["state"].as_str().unwrap_or_default().to_owned())
}

/// The page of an alert in one of the pager's lists, `firing` or `history`.
pub async fn page(list: &str, alertname: &str, job: &str) -> Option<Value> {
    let pages = Part::Pager.json("/api/pages", &[]).await;
    let pages = pages[list].as_array().expect("a list of pages").clone();
    pages
        .into_iter()
        .find(|page| page["alertname"] == alertname && page["job"] == job)
}

/// Waits until something is there, prints when that was, and fails if it takes longer than `patience`.
pub async fn within<T>(patience: Duration, since: Instant, what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let asked = Instant::now();
    loop {
        if let Some(found) = probe().await {
            println!("{:6.1} s  {what}", since.elapsed().as_secs_f64());
            return found;
        }
        assert!(
            asked.elapsed() < patience,
            "within {patience:?} it did not come true: {what}"
        );
        sleep(Duration::from_millis(500)).await;
    }
}
