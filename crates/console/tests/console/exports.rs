//! Files as Grafana exports them, with all the fields that it writes.

use serde_json::{Value, json};

use crate::{process::Console, upstream::Upstream};

/// The dashboard in a file of `tests/exports/`, as the console hands it to its page.
async fn exported(uid: &str) -> Value {
    let upstream = Upstream::start().await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports");
    let console = Console::start(&upstream.url, &folder, &[]).await;
    let (_, list) = console.ask("/api/dashboards").await;
    assert_eq!(list["problems"], json!([]), "a file cannot be read");
    console.ask(&format!("/api/dashboards/{uid}")).await.1["dashboard"].clone()
}

fn all_panels(dashboard: &Value) -> impl Iterator<Item = &Value> {
    let outer = dashboard["panels"].as_array().expect("a list").iter();
    outer.flat_map(|panel| std::iter::once(panel).chain(panel["panels"].as_array().expect("a list")))
}

/// The problems of each panel that has some, by its title.
fn panel_problems(dashboard: &Value) -> Vec<(&str, &Value)> {
    let panels = all_panels(dashboard).map(|panel| (panel["title"].as_str().expect("a title"), &panel["problems"]));
    panels.filter(|(_, problems)| **problems != json!([])).collect()
}

fn names(dashboard: &Value, list: &str, key: &str) -> Vec<String> {
    let parts = dashboard[list].as_array().expect("a list").iter();
    parts
        .map(|part| part[key].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn an_export_for_sharing_is_drawn_but_for_what_the_console_lacks() {
    let dashboard = exported("cdx2f1k9web11a").await;
    assert_eq!(dashboard["title"], "Web Server");
    assert_eq!(panel_problems(&dashboard), []);
    assert!(all_panels(&dashboard).all(|panel| panel["model"].is_object()));
    assert_eq!(
        names(&dashboard, "variables", "name"),
        ["datasource", "job", "interval", "team"]
    );
    assert_eq!(dashboard["variables"][3]["query"], "web");
    assert_eq!(names(&dashboard, "links", "title"), ["Handbook"]);
    assert_eq!(names(&dashboard, "annotations", "name"), ["Restarts"]);
    let kinds = "`datasource`, `query`, `custom`, `interval`, `constant`, `textbox`";
    let expected = json!([
        "timezone: found 'utc', times are in that of the browser",
        "link 'Related': type: unknown variant `dashboards`, expected `link`",
        format!("variable 'filters': type: unknown variant `adhoc`, expected one of {kinds}"),
        "annotation 'Deployments': no expr: only queries of Prometheus are drawn",
    ]);
    assert_eq!(dashboard["problems"], expected);
}

#[tokio::test]
async fn an_export_to_a_file_is_drawn_but_for_what_the_console_lacks() {
    let dashboard = exported("hosts").await;
    let variables = ["host", "environment", "quantile", "cluster", "window"];
    assert_eq!(names(&dashboard, "variables", "name"), variables);
    assert_eq!(dashboard["annotations"][0]["expr"], "ALERTS{alertstate=\"firing\"}");
    // Only the interval that Grafana computes.
    assert_eq!(dashboard["problems"], json!(["variable 'window': auto"]));
    let undrawn = panel_problems(&dashboard);
    let expected = [
        ("Up", "gauge"),
        ("", "text"),
        ("Open files", "byNames"),
        ("Log lines", "datasource: found 'loki', expected prometheus"),
    ];
    assert_eq!(undrawn.len(), expected.len(), "{undrawn:?}");
    for ((title, problems), (expected_title, word)) in undrawn.iter().zip(expected) {
        assert_eq!(*title, expected_title);
        assert!(problems.to_string().contains(word), "{problems}");
    }
    // All but its override, and what fills the bars.
    let open_files = all_panels(&dashboard).find(|panel| panel["title"] == "Open files");
    assert!(open_files.expect("a panel")["model"].is_object());
}
