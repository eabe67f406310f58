//! The console reaches every part, and draws every dashboard.

use std::env;

use serde_json::{Value, json};
use test_support::{
    dashboard::Dashboard,
    stack::{Part, TIME_LIMIT, wait_until_complete},
};

/// Asks the console's API. Beyond loopback, it takes the token of the control listeners.
async fn ask(path: &str) -> Value {
    let token = env::var("OBSERVER_CONTROL_TOKEN").unwrap_or_default();
    let request = reqwest::Client::new()
        .get(Part::Console.url(path, &[]))
        .bearer_auth(token);
    let reply = request.send().await.expect("the console answers");
    let status = reply.status();
    let body = reply.text().await.expect("a body");
    assert!(status.is_success(), "{path}: {status}: {body}");
    serde_json::from_str(&body).expect("JSON")
}

#[tokio::test]
async fn the_console_draws_every_dashboard_whole() {
    let list = ask("/api/dashboards").await;
    assert_eq!(list["problems"], json!([]));
    let drawn = list["dashboards"].as_array().expect("a list");
    for dashboard in Dashboard::all() {
        let entry = drawn.iter().find(|entry| entry["uid"] == dashboard.uid);
        let entry = entry.unwrap_or_else(|| panic!("{} is missing", dashboard.title));
        assert_eq!(entry["problems"], 0, "{}", dashboard.title);
    }
}

#[tokio::test]
async fn the_console_reaches_every_part() {
    wait_until_complete(TIME_LIMIT, "the console reaches all parts", async || {
        let parts = ask("/api/parts").await;
        let parts = parts["parts"].as_array().expect("a list");
        ["prometheus", "alertmanager", "pager"]
            .into_iter()
            .filter(|name| {
                !parts
                    .iter()
                    .any(|part| part["name"] == **name && part["answers"] == true)
            })
            .map(|name| format!("{name} does not answer the console"))
            .collect()
    })
    .await;
    for path in ["/api/prometheus/rules", "/api/alertmanager/alerts", "/api/pager/pages"] {
        ask(path).await;
    }
}
