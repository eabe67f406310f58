//! The console serves its pages, reaches every part, and can draw every dashboard.

use std::{collections::BTreeSet, env};

use regex::Regex;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use test_support::{
    dashboard::Dashboard,
    stack::{Part, TIME_LIMIT, wait_until_complete},
};

/// The pages.
const PAGES: [&str; 5] = ["/", "/d/http-services", "/explore", "/alerts", "/targets"];

/// What the pages ask of their API, apart from single dashboards. A silence would hold back real pages, so none is made.
const QUERIES: [&str; 11] = [
    "/api/parts",
    "/api/dashboards",
    "/api/prometheus/query?query=up",
    "/api/prometheus/query_range?query=up&start=0&end=1&step=1",
    "/api/prometheus/rules",
    "/api/prometheus/targets",
    "/api/prometheus/label/job/values",
    "/api/alertmanager/alerts",
    "/api/alertmanager/groups",
    "/api/alertmanager/silences",
    "/api/pager/pages",
];

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
async fn the_console_serves_every_page_and_all_that_it_loads() {
    // Of an element, of a module and of a style sheet.
    let reference = Regex::new(r#"(?:src=|href=|from |@import )"([./][^"]*|[\w-]+\.css)""#).expect("a valid pattern");
    let mut urls: Vec<_> = PAGES.map(|page| Part::Console.url(page, &[])).into();
    let mut seen: BTreeSet<_> = urls.iter().cloned().collect();
    let mut modules = 0;
    while let Some(url) = urls.pop() {
        let reply = reqwest::get(url.clone()).await.expect("the console answers");
        assert!(reply.status().is_success(), "{url}: {}", reply.status());
        let kind = reply.headers()[CONTENT_TYPE].to_str().expect("text").to_owned();
        let expected = match url.path().rsplit_once('.') {
            Some((_, "js")) => "text/javascript",
            Some((_, "css")) => "text/css",
            Some((_, "svg")) => "image/svg+xml",
            _ => "text/html",
        };
        assert!(kind.starts_with(expected), "{url}: {kind}");
        modules += usize::from(expected == "text/javascript");
        let body = reply.text().await.expect("a body");
        for found in reference.captures_iter(&body) {
            let url = url.join(&found[1]).expect("a URL");
            if seen.insert(url.clone()) {
                urls.push(url);
            }
        }
    }
    assert!(modules > 2 * PAGES.len(), "modules import others: {seen:?}");
}

#[tokio::test]
async fn the_console_can_draw_every_dashboard_whole() {
    let list = ask("/api/dashboards").await;
    assert_eq!(list["problems"], json!([]));
    let drawn = list["dashboards"].as_array().expect("a list");
    for dashboard in Dashboard::all() {
        let entry = drawn.iter().find(|entry| entry["uid"] == dashboard.uid);
        let entry = entry.unwrap_or_else(|| panic!("{} is missing", dashboard.title));
        assert_eq!(entry["problems"], 0, "{}", dashboard.title);
        let whole = ask(&format!("/api/dashboards/{}", dashboard.uid)).await;
        assert_eq!(whole["dashboard"]["title"], dashboard.title);
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
    for path in QUERIES {
        ask(path).await;
    }
}
