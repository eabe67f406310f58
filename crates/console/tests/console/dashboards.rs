//! The dashboards: those of the repository, and those that somebody drops into the folder.

use std::{fs, path::Path};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::repository;

use crate::{process::Console, upstream::Upstream};

async fn console(folder: &Path) -> (Upstream, Console) {
    let upstream = Upstream::start().await;
    let console = Console::start(&upstream.url, folder, &[]).await;
    (upstream, console)
}

/// A folder with one dashboard, whose panels are these.
fn folder_with(panels: &Value) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let dashboard = json!({ "uid": "one", "title": "One", "panels": panels });
    fs::write(folder.path().join("one.json"), dashboard.to_string()).expect("a file");
    folder
}

fn panel(kind: &str, options: &Value, custom: &Value) -> Value {
    json!({
        "id": 1, "type": kind, "title": "A panel", "gridPos": { "x": 0, "y": 0, "w": 12, "h": 8 },
        "targets": [{ "refId": "A", "expr": "up" }],
        "options": options, "fieldConfig": { "defaults": { "unit": "s", "custom": custom }, "overrides": [] },
    })
}

async fn panels(console: &Console) -> Vec<Value> {
    let (status, body) = console.ask("/api/dashboards/one").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["dashboard"]["panels"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn the_dashboards_of_the_repository_are_drawn_whole() {
    let (_upstream, console) = console(&repository::root().join("grafana/source/dashboards")).await;
    let (_, list) = console.ask("/api/dashboards").await;
    assert_eq!(list["problems"], json!([]));
    let files = repository::files("grafana/source/dashboards", "json");
    assert_eq!(list["dashboards"].as_array().expect("a list").len(), files.len());
    for dashboard in list["dashboards"].as_array().expect("a list") {
        let (_, body) = console
            .ask(&format!("/api/dashboards/{}", dashboard["uid"].as_str().expect("text")))
            .await;
        for panel in body["dashboard"]["panels"].as_array().expect("a list") {
            assert_eq!(
                panel["problems"],
                json!([]),
                "{}, {}",
                dashboard["title"],
                panel["title"]
            );
            assert!(panel["model"].is_object(), "{panel}");
        }
        assert_eq!(dashboard["problems"], 0, "{dashboard}");
    }
}

#[tokio::test]
async fn a_type_that_is_unknown_is_named_in_its_panel() {
    let folder = folder_with(&json!([
        panel("piechart", &json!({}), &json!({})),
        panel("stat", &json!({}), &json!({}))
    ]));
    let (_upstream, console) = console(folder.path()).await;
    let panels = panels(&console).await;
    assert_eq!(panels[0]["model"], Value::Null);
    assert_eq!(panels[0]["title"], "A panel");
    assert_eq!(
        panels[0]["problems"],
        json!(["type: found 'piechart', expected row, stat, timeseries or heatmap"])
    );
    assert_eq!(panels[1]["problems"], json!([]));
}

#[tokio::test]
async fn the_links_of_a_panel_are_handed_to_the_page() {
    let mut one = panel("stat", &json!({}), &json!({}));
    let links = json!([{ "title": "Runbook", "url": "http://127.0.0.1/runbook", "targetBlank": true }]);
    one["links"] = links.clone();
    let folder = folder_with(&json!([one]));
    let (_upstream, console) = console(folder.path()).await;
    let panels = panels(&console).await;
    assert_eq!(panels[0]["problems"], json!([]));
    assert_eq!(panels[0]["model"]["links"], links);
}

#[tokio::test]
async fn an_option_that_is_unknown_is_named_and_the_panel_is_drawn() {
    let options = json!({ "legend": { "displayMode": "list", "hologram": true } });
    let custom = json!({ "gradientMode": "hue", "spanNulls": false });
    let folder = folder_with(&json!([panel("timeseries", &options, &custom)]));
    let (_upstream, console) = console(folder.path()).await;
    let panels = panels(&console).await;
    assert!(panels[0]["model"].is_object());
    // spanNulls has its default, which the console draws.
    let expected = json!(["fieldConfig.defaults.custom.gradientMode", "options.legend.hologram"]);
    assert_eq!(panels[0]["problems"], expected);
}

#[tokio::test]
async fn what_a_heatmap_does_not_draw_is_named_unless_it_is_the_default() {
    for (options, expected) in [
        (json!({ "showValue": "always" }), json!(["options.showValue"])),
        (json!({ "showValue": "never" }), json!([])),
        (json!({ "exemplars": { "color": "red" } }), json!([])),
        (json!({ "rowsFrame": { "layout": "auto" } }), json!([])),
        (
            json!({ "rowsFrame": { "value": "Requests" } }),
            json!(["options.rowsFrame.value"]),
        ),
        (
            json!({ "tooltip": { "yHistogram": true } }),
            json!(["options.tooltip.yHistogram"]),
        ),
        (json!({ "yAxis": { "axisPlacement": "left" } }), json!([])),
        (
            json!({ "yAxis": { "axisPlacement": "right" } }),
            json!(["options.yAxis.axisPlacement"]),
        ),
        (
            json!({ "yAxis": { "unit": "furlong" } }),
            json!(["options.yAxis.unit: 'furlong' is shown as a plain number"]),
        ),
    ] {
        let folder = folder_with(&json!([panel("heatmap", &options, &json!({}))]));
        let (_upstream, console) = console(folder.path()).await;
        let panels = panels(&console).await;
        assert!(panels[0]["model"].is_object(), "{panels:?}");
        assert_eq!(panels[0]["problems"], expected, "{options}");
    }
}

#[tokio::test]
async fn exemplars_and_units_of_overrides_are_named() {
    let mut one = panel("timeseries", &json!({}), &json!({}));
    one["targets"][0]["exemplar"] = json!(true);
    one["fieldConfig"]["overrides"] = json!([{
        "matcher": { "id": "byName", "options": "x" },
        "properties": [{ "id": "unit", "value": "furlong" }],
    }]);
    let folder = folder_with(&json!([one]));
    let (_upstream, console) = console(folder.path()).await;
    let panels = panels(&console).await;
    let expected = json!([
        "targets.0.exemplar",
        "fieldConfig.overrides.0.unit: 'furlong' is shown as a plain number",
    ]);
    assert_eq!(panels[0]["problems"], expected);
}

#[tokio::test]
async fn a_value_that_is_unknown_is_named_with_its_place() {
    for (options, custom, expected) in [
        (
            json!({}),
            json!({ "drawStyle": "smoke" }),
            "fieldConfig.defaults.custom.drawStyle: unknown variant `smoke`",
        ),
        (
            json!({ "legend": { "calcs": ["median"] } }),
            json!({}),
            "options.legend.calcs[0]: unknown variant `median`",
        ),
    ] {
        let folder = folder_with(&json!([panel("timeseries", &options, &custom)]));
        let (_upstream, console) = console(folder.path()).await;
        let panels = panels(&console).await;
        let problem = panels[0]["problems"][0].as_str().expect("a text");
        assert!(problem.starts_with(expected), "{problem}");
    }
}

#[tokio::test]
async fn an_annotation_and_a_variable_of_another_data_source_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = |kind: &str| json!({ "type": kind, "uid": kind });
    let annotation = |name: &str, kind: &str| json!({ "name": name, "expr": "ALERTS", "datasource": of(kind) });
    let variable =
        |name: &str, kind: &str| json!({ "name": name, "type": "query", "query": "up", "datasource": of(kind) });
    let dashboard = json!({
        "uid": "one", "title": "One", "panels": [],
        "annotations": { "list": [annotation("Deployments", "loki"), annotation("Alerts", "prometheus")] },
        "templating": { "list": [variable("stream", "loki"), variable("job", "prometheus")] },
    });
    fs::write(folder.path().join("one.json"), dashboard.to_string()).expect("a file");
    let (_upstream, console) = console(folder.path()).await;
    let (_, body) = console.ask("/api/dashboards/one").await;
    assert_eq!(
        body["dashboard"]["problems"],
        json!([
            "variable 'stream': datasource: found 'loki', expected prometheus",
            "annotation 'Deployments': datasource: found 'loki', expected prometheus",
        ])
    );
}

#[tokio::test]
async fn an_override_that_is_unknown_is_named() {
    let mut one = panel("timeseries", &json!({}), &json!({}));
    one["fieldConfig"]["overrides"] = json!([{
        "matcher": { "id": "byName", "options": "x" },
        "properties": [{ "id": "custom.glow", "value": 1 }, { "id": "unit", "value": "s" }],
    }]);
    let folder = folder_with(&json!([one]));
    let (_upstream, console) = console(folder.path()).await;
    let panels = panels(&console).await;
    let problem = panels[0]["problems"][0].as_str().expect("a text");
    assert!(
        problem.starts_with("fieldConfig.overrides.0: custom.glow: unknown variant"),
        "{problem}"
    );
    let kept = &panels[0]["model"]["fieldConfig"]["overrides"][0]["properties"];
    assert_eq!(*kept, json!([{ "id": "unit", "value": "s" }]));
}

#[tokio::test]
async fn a_malformed_file_is_named_with_line_and_reason_and_the_others_work() {
    let folder = folder_with(&json!([panel("stat", &json!({}), &json!({}))]));
    fs::write(
        folder.path().join("two.json"),
        "{\n  \"title\": \"Two\",\n  \"panels\": [,]\n}",
    )
    .expect("a file");
    let (_upstream, console) = console(folder.path()).await;
    let (_, list) = console.ask("/api/dashboards").await;
    assert_eq!(list["dashboards"][0]["uid"], "one");
    assert_eq!(list["problems"][0]["file"], "two.json");
    assert_eq!(list["problems"][0]["line"], 3);
    assert!(
        list["problems"][0]["reason"]
            .as_str()
            .expect("text")
            .contains("expected value"),
        "{list}"
    );
    let line = console.wait_for_line("two.json, line 3").await;
    assert!(line.contains("WARN"), "{line}");
    assert_eq!(panels(&console).await.len(), 1);
    let (status, body) = console.ask("/api/dashboards/two").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        body["detail"].as_str().expect("text").contains("two.json, line 3"),
        "{body}"
    );
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.json"), "{\n  \"title\": 7,\n  \"panels\": []\n}").expect("a file");
    let (_upstream, console) = console(folder.path()).await;
    let (_, list) = console.ask("/api/dashboards").await;
    assert_eq!(list["problems"][0]["line"], 2);
    let reason = list["problems"][0]["reason"].as_str().expect("text");
    assert!(
        reason.starts_with("title: invalid type: integer `7`, expected a string"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_file_that_changes_is_read_again() {
    let folder = folder_with(&json!([]));
    let (_upstream, console) = console(folder.path()).await;
    assert_eq!(panels(&console).await.len(), 0);
    let changed = json!({ "uid": "one", "title": "Changed", "panels": [panel("stat", &json!({}), &json!({}))] });
    fs::write(folder.path().join("one.json"), changed.to_string()).expect("a file");
    assert_eq!(panels(&console).await.len(), 1);
    fs::remove_file(folder.path().join("one.json")).expect("removed");
    assert_eq!(console.ask("/api/dashboards/one").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn two_files_with_one_uid_are_named() {
    let folder = folder_with(&json!([]));
    fs::copy(folder.path().join("one.json"), folder.path().join("twin.json")).expect("copied");
    let (_upstream, console) = console(folder.path()).await;
    let (_, list) = console.ask("/api/dashboards").await;
    assert_eq!(list["dashboards"].as_array().expect("a list").len(), 1);
    assert_eq!(list["problems"][0]["file"], "twin.json");
}
