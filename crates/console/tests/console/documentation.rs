//! The example of docs/dashboards.md is a panel as the console draws it.

use std::{fs, path::Path};

use serde_json::{Value, json};
use test_support::repository;

use crate::{process::Console, upstream::Upstream};

/// The dashboard that the documentation changes.
const DASHBOARD: &str = "grafana/source/dashboards/service-internals.json";

/// The panel that the documentation shows.
fn example() -> Value {
    let text = repository::read(Path::new("docs/dashboards.md"));
    let (_, rest) = text.split_once("```json\n").expect("a block of JSON");
    let (panel, _) = rest.split_once("```").expect("the end of the block");
    serde_json::from_str(panel).expect("JSON")
}

#[tokio::test]
async fn the_panel_of_the_documentation_is_drawn_whole_in_the_dashboard_that_it_names() {
    let mut dashboard: Value = serde_json::from_str(&repository::read(Path::new(DASHBOARD))).expect("JSON");
    let panels = dashboard["panels"].as_array_mut().expect("a list");
    let ids = panels
        .iter()
        .flat_map(|panel| std::iter::once(panel).chain(panel["panels"].as_array().into_iter().flatten()));
    assert!(
        ids.map(|panel| &panel["id"]).all(|id| *id != example()["id"]),
        "the id is taken"
    );
    panels.push(example());
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("one.json"), dashboard.to_string()).expect("a file");
    let upstream = Upstream::start().await;
    let console = Console::start(&upstream.url, folder.path(), &[]).await;
    let (_, body) = console.ask("/api/dashboards/service-internals").await;
    let drawn = body["dashboard"]["panels"].as_array().and_then(|panels| panels.last());
    let drawn = drawn.expect("a panel");
    assert_eq!(drawn["title"], example()["title"]);
    assert_eq!(drawn["problems"], json!([]));
    assert_eq!(drawn["model"]["targets"][0]["expr"], example()["targets"][0]["expr"]);
}
