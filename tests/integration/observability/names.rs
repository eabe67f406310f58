//! Every metric and label that rules, their tests, dashboards and runbooks name is one that something emits.

use std::sync::LazyLock;

use regex::Regex;
use test_support::{
    dashboard::{Dashboard, fill_in},
    promql::{Catalog, Labels},
    repository, rules,
};

use crate::{app::TestApp, pager::process::PagerProcess};

/// Labels that Prometheus itself adds to what it scrapes.
const OF_TARGET: [&str; 2] = ["job", "instance"];

/// Series that Prometheus itself makes of a scrape.
const OF_SCRAPE: [&str; 5] = [
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
];

/// Series that Prometheus itself makes of an alert.
const ALERTS: &str = "ALERTS";

/// What Prometheus and Alertmanager say of themselves, as far as it is used. `alert_chain` asks real ones.
pub const OF_OTHERS: [(&str, &[&str]); 40] = [
    ("alertmanager_alerts", &["state"]),
    ("alertmanager_config_last_reload_successful", &[]),
    (
        "alertmanager_notification_latency_seconds_bucket",
        &["integration", "le"],
    ),
    ("alertmanager_notification_latency_seconds_count", &["integration"]),
    ("alertmanager_notifications_failed_total", &["integration", "reason"]),
    ("alertmanager_notifications_total", &["integration"]),
    ("prometheus_config_last_reload_success_timestamp_seconds", &[]),
    ("prometheus_config_last_reload_successful", &[]),
    ("prometheus_notifications_alertmanagers_discovered", &[]),
    ("prometheus_notifications_dropped_total", &["alertmanager"]),
    ("prometheus_notifications_errors_total", &["alertmanager"]),
    ("prometheus_notifications_queue_capacity", &[]),
    ("prometheus_notifications_queue_length", &["alertmanager"]),
    ("prometheus_notifications_sent_total", &["alertmanager"]),
    ("prometheus_rule_evaluation_failures_total", &["rule_group"]),
    ("prometheus_rule_group_interval_seconds", &["rule_group"]),
    ("prometheus_rule_group_iterations_missed_total", &["rule_group"]),
    ("prometheus_rule_group_last_duration_seconds", &["rule_group"]),
    ("prometheus_sd_failed_configs", &["name"]),
    ("prometheus_sd_file_read_errors_total", &[]),
    ("prometheus_target_scrape_pool_exceeded_label_limits_total", &[]),
    ("prometheus_target_scrape_pool_exceeded_target_limit_total", &[]),
    ("prometheus_target_scrape_pool_targets", &["scrape_job"]),
    ("prometheus_target_scrapes_exceeded_body_size_limit_total", &[]),
    ("prometheus_target_scrapes_exceeded_sample_limit_total", &[]),
    ("prometheus_target_scrapes_sample_duplicate_timestamp_total", &[]),
    ("prometheus_target_scrapes_sample_out_of_bounds_total", &[]),
    ("prometheus_target_scrapes_sample_out_of_order_total", &[]),
    ("prometheus_target_sync_failed_total", &["scrape_job"]),
    ("prometheus_tsdb_checkpoint_creations_failed_total", &[]),
    ("prometheus_tsdb_compactions_failed_total", &[]),
    ("prometheus_tsdb_head_samples_appended_total", &["type"]),
    ("prometheus_tsdb_head_series", &[]),
    ("prometheus_tsdb_lowest_timestamp_seconds", &[]),
    ("prometheus_tsdb_reloads_failures_total", &[]),
    ("prometheus_tsdb_retention_limit_bytes", &[]),
    ("prometheus_tsdb_storage_blocks_bytes", &[]),
    ("prometheus_tsdb_wal_corruptions_total", &[]),
    ("prometheus_tsdb_wal_truncations_failed_total", &[]),
    ("prometheus_tsdb_wal_writes_failed_total", &[]),
];

/// Labels that Prometheus 2 or Alertmanager 0.25 does not have yet.
pub const NEWER_LABELS: [(&str, &str); 3] = [
    ("alertmanager_notifications_failed_total", "reason"),
    ("prometheus_notifications_dropped_total", "alertmanager"),
    ("prometheus_notifications_queue_length", "alertmanager"),
];

/// What the services, the pager and the monitoring emit and Prometheus adds, without the rules.
async fn scraped() -> Catalog {
    let mut catalog = Catalog::default();
    let app = TestApp::start_without_database(&[]).metrics().await;
    let folder = tempfile::tempdir().expect("a folder");
    let pager = PagerProcess::start(folder.path(), &[]).metrics().await;
    for series in app.series().chain(pager.series()) {
        catalog.add_series(series, &OF_TARGET);
    }
    for (name, labels) in OF_OTHERS {
        catalog.add(name, OF_TARGET.iter().chain(labels).copied());
    }
    for name in OF_SCRAPE {
        catalog.add(name, OF_TARGET);
    }
    catalog
}

/// What the rules make of it, and what is wrong with them.
async fn recorded() -> (Catalog, Vec<String>) {
    let mut catalog = scraped().await;
    catalog.add(ALERTS, ["alertname", "alertstate"]);
    let mut complaints = Vec::new();
    for (file, rule) in rules::all() {
        let place = format!("{}, {}", file.display(), rule.name());
        let (labels, wrong) = catalog.check(&rule.expr);
        complaints.extend(wrong.iter().map(|wrong| format!("{place}: {wrong}")));
        for text in rule.annotations.values() {
            complaints.extend(unknown_labels(text, r"\$labels\.(\w+)", &labels, &place));
        }
        let labels = labels.into_iter().chain(rule.labels.into_keys());
        match &rule.record {
            Some(name) => catalog.add(name, labels),
            None => catalog.add(ALERTS, labels),
        }
    }
    (catalog, complaints)
}

/// A complaint for each label that the pattern finds in the text and that is not there.
fn unknown_labels(text: &str, pattern: &str, there: &Labels, place: &str) -> Vec<String> {
    let pattern = Regex::new(pattern).expect("a valid pattern");
    let names = pattern.captures_iter(text).map(|found| found[1].to_owned());
    names
        .filter(|name| !there.contains(name))
        .map(|name| format!("{place}: no label {name:?} in {there:?} for {text:?}"))
        .collect()
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[tokio::test]
async fn rules_name_only_what_exists() {
    let (_, complaints) = recorded().await;
    assert_none(&complaints);
}

#[tokio::test]
async fn unit_tests_of_rules_feed_only_what_exists() {
    // Those of long windows feed what other rules record.
    let (catalog, _) = recorded().await;
    let mut complaints = Vec::new();
    for (file, tests) in rules::tests() {
        for test in tests.tests {
            for input in test.input_series {
                let (_, wrong) = catalog.check(&input.series);
                complaints.extend(
                    wrong
                        .iter()
                        .map(|wrong| format!("{}, {}: {wrong}", file.display(), test.name)),
                );
            }
        }
    }
    assert_none(&complaints);
}

#[tokio::test]
async fn dashboards_name_only_what_exists() {
    const LEGEND: &str = r"\{\{\s*(\w+)\s*\}\}";
    let (catalog, _) = recorded().await;
    let mut complaints = Vec::new();
    for dashboard in Dashboard::all() {
        let values = dashboard.any_values();
        let mut check = |place: &str, expr: &str, legend: &str| {
            let (labels, wrong) = catalog.check(&fill_in(expr, &values));
            complaints.extend(wrong.iter().map(|wrong| format!("{place}: {wrong}")));
            complaints.extend(unknown_labels(legend, LEGEND, &labels, place));
        };
        for (panel, target) in dashboard.targets() {
            check(&dashboard.place(panel), &target.expr, &target.legend_format);
        }
        for annotation in dashboard.annotations() {
            let place = format!("{}, annotation {}", dashboard.file.display(), annotation.name);
            check(
                &place,
                &annotation.expr,
                &format!("{}{}", annotation.title_format, annotation.text_format),
            );
        }
        for variable in dashboard.query_variables() {
            let place = format!("{}, variable {}", dashboard.file.display(), variable.name);
            let (series, label) = variable.label_values();
            check(&place, series, &format!("{{{{{label}}}}}"));
        }
    }
    assert_none(&complaints);
}

/// Whether a label has the same value in all series of an expression, since every selector fixes it.
fn is_fixed(label: &str, expr: &str) -> bool {
    let name = Regex::new(r"[a-z][a-z0-9_:]*\{[^}]*\}").expect("a valid pattern");
    let fixes = |selector: regex::Match| selector.as_str().contains(&format!(r#"{label}=""#));
    name.is_match(expr) && name.find_iter(expr).all(fixes)
}

#[tokio::test]
async fn legends_tell_the_series_of_a_panel_apart() {
    // However many replicas there are: a label that may differ is in the legend.
    let (catalog, _) = recorded().await;
    let mut complaints = Vec::new();
    for dashboard in Dashboard::all() {
        let values = dashboard.any_values();
        for (panel, target) in dashboard.targets() {
            let expr = fill_in(&target.expr, &values);
            let (labels, _) = catalog.check(&expr);
            let missing = labels
                .iter()
                .filter(|label| !target.legend_format.contains(&format!("{{{{{label}}}}}")) && !is_fixed(label, &expr));
            complaints.extend(missing.map(|label| format!("{}: no {label} in the legend", dashboard.place(panel))));
        }
    }
    assert_none(&complaints);
}

#[tokio::test]
async fn runbooks_name_only_what_exists() {
    let query = Regex::new(r"(?s)```promql\n(.*?)```").expect("a valid pattern");
    let (catalog, _) = recorded().await;
    let mut complaints = Vec::new();
    for file in repository::files("docs/runbooks", "md") {
        for found in query.captures_iter(&repository::read(&file)) {
            let (_, wrong) = catalog.check(&found[1]);
            complaints.extend(wrong.iter().map(|wrong| format!("{}: {wrong}", file.display())));
        }
    }
    assert_none(&complaints);
}

mod the_check_finds {
    use super::*;

    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        let mut catalog = Catalog::default();
        catalog.add_series(r#"requests_total{path="/",status_code="200"}"#, &OF_TARGET);
        catalog.add_series(r#"duration_seconds_bucket{path="/",le="+Inf"}"#, &OF_TARGET);
        catalog
    });

    #[track_caller]
    fn complaint(expr: &str) -> String {
        let (_, complaints) = CATALOG.check(expr);
        let [complaint] = complaints.try_into().expect("one complaint");
        complaint
    }

    #[test]
    fn a_metric_that_does_not_exist() {
        assert_eq!(
            complaint("sum(rate(request_total[1m]))"),
            r#"there is no metric "request_total""#
        );
    }

    #[test]
    fn a_matcher_on_a_label_that_does_not_exist() {
        assert!(complaint(r#"requests_total{code="500"}"#).starts_with(r#"no label "code""#));
    }

    #[test]
    fn grouping_by_a_label_that_is_gone() {
        assert!(complaint("sum by (path) (sum by (job) (requests_total))").starts_with(r#"no label "path""#));
    }

    #[test]
    fn a_quantile_of_a_histogram_that_has_lost_its_buckets() {
        let expr = "histogram_quantile(0.9, sum by (path) (rate(duration_seconds_bucket[1m])))";
        assert!(complaint(expr).starts_with("histogram_quantile needs the label le"));
    }

    #[test]
    fn two_sides_that_never_match() {
        assert!(complaint("sum by (job) (requests_total) / sum(requests_total)").contains("never match"));
    }

    #[test]
    fn the_labels_that_are_left() {
        let (labels, complaints) = CATALOG.check("0.5 < sum by (job, path) (rate(requests_total[1m])) or vector(0)");
        assert_eq!(labels, Labels::from(["job".to_owned(), "path".to_owned()]));
        assert_none(&complaints);
    }

    #[test]
    fn a_legend_that_names_a_label_that_is_not_there() {
        assert_eq!(
            unknown_labels("{{job}}", r"\{\{(\w+)\}\}", &Labels::new(), "here").len(),
            1
        );
    }
}
