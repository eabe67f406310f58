//! Every panel shows a number from the first minute of a stack on: before the first request, and with the first ones.
//!
//! promtool evaluates the rules and the panels' queries over the series that the services really expose. Nothing here
//! waits: the minutes are promtool's.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use test_support::{
    dashboard::{Dashboard, fill_in},
    exposition::Exposition,
    repository,
    tools::run_promtools,
};

use super::names::OF_OTHERS;
use crate::{app::TestApp, pager::process::PagerProcess};

/// Scrapes before the first request, one every 5 s: the rules record a minute of zeros, and the windows find it.
const QUIET_SCRAPES: u32 = 12;

/// Scrapes after it.
const BUSY_SCRAPES: u32 = 24;

/// When the panels are looked at: without traffic, at the end of the first minute, and with traffic.
const MOMENTS: [&str; 4] = ["30s", "1m", "1m15s", "2m"];

/// promtool evaluates no query of more than 10,000 samples; the same query over shorter windows it does.
const TOO_LONG: &str = "[30d:1m]";

/// The labels of the series of Prometheus and Alertmanager, with a value that panels ask for.
const VALUES_OF_OTHERS: [(&str, &str); 4] = [
    ("integration", "webhook"),
    ("le", "+Inf"),
    ("rule_group", "http"),
    ("state", "active"),
];

fn is_counter(series: &str) -> bool {
    let name = series.split('{').next().unwrap_or(series);
    ["_total", "_count", "_sum", "_bucket"]
        .iter()
        .any(|suffix| name.ends_with(suffix))
}

/// The instance of a job.
fn instance_of(job: &str) -> String {
    format!("{job}:80")
}

/// A series of a job, in the notation of promtool's tests: a counter starts to rise with the first request.
fn input(series: &str, job: &str, value: f64) -> Value {
    let target = format!(r#"job="{job}",instance="{}""#, instance_of(job));
    let series = match series.strip_suffix('}') {
        Some(labelled) => format!("{labelled},{target}}}"),
        None => format!("{series}{{{target}}}"),
    };
    let rise = i32::from(is_counter(&series));
    json!({ "series": series, "values": format!("{value}+0x{} {value}+{rise}x{BUSY_SCRAPES}", QUIET_SCRAPES - 1) })
}

fn inputs_of(exposition: &Exposition, job: &str) -> Vec<Value> {
    let series = exposition.series();
    series
        .map(|series| input(series, job, exposition.value(series)))
        .collect()
}

/// What Prometheus and Alertmanager tell of themselves.
fn inputs_of_others() -> impl Iterator<Item = Value> {
    OF_OTHERS.iter().map(|(name, labels)| {
        let labels: Vec<_> = VALUES_OF_OTHERS
            .iter()
            .filter(|(label, _)| labels.contains(label))
            .map(|(label, value)| format!("{label}={value:?}"))
            .collect();
        match labels.as_slice() {
            [] => input(name, "monitoring", 1.0),
            labels => input(&format!("{name}{{{}}}", labels.join(",")), "monitoring", 1.0),
        }
    })
}

/// What Prometheus adds to each scrape.
fn inputs_of_scrapes() -> impl Iterator<Item = Value> {
    ["up", "scrape_duration_seconds", "scrape_samples_scraped"]
        .into_iter()
        .map(|name| input(name, "app", 1.0))
}

/// Every panel's query at every moment, with each value that a variable lists: it has a finite number.
fn expectations() -> Vec<Value> {
    let mut expectations = Vec::new();
    for dashboard in &Dashboard::all() {
        let mut values = dashboard.any_values();
        for variable in dashboard.query_variables() {
            let value = match variable.label_values().1 {
                "instance" => instance_of("app"),
                _ => "app".to_owned(),
            };
            values.insert(&variable.name, value);
        }
        let mut choices = vec![values.clone()];
        for variable in dashboard.listed_variables() {
            for value in variable.listed_values() {
                values.insert(&variable.name, value);
                choices.push(values.clone());
            }
        }
        for (_, target) in dashboard.targets() {
            let exprs: BTreeSet<_> = choices.iter().map(|choice| fill_in(&target.expr, choice)).collect();
            for expr in exprs.iter().filter(|expr| !expr.contains(TOO_LONG)) {
                expectations.extend(MOMENTS.iter().map(|moment| {
                    json!({
                        "expr": format!("count(abs({expr}) < Inf) > bool 0"),
                        "eval_time": moment,
                        "exp_samples": [{ "labels": "{}", "value": 1 }],
                    })
                }));
            }
        }
    }
    expectations
}

#[tokio::test]
async fn every_panel_has_a_number_from_the_first_minute_on() {
    let app = TestApp::start_without_database(&[]).metrics().await;
    let folder = tempfile::tempdir().expect("a folder");
    let pager = PagerProcess::start(folder.path(), &[]).metrics().await;
    let mut series = inputs_of(&app, "app");
    series.extend(inputs_of(&app, "beta"));
    series.extend(inputs_of(&pager, "pager"));
    series.extend(inputs_of_others());
    series.extend(inputs_of_scrapes());

    let rules: Vec<_> = repository::files("prometheus/rules", "yml")
        .into_iter()
        .map(|file| repository::root().join(file))
        .collect();
    let test = json!({
        "rule_files": rules,
        // The others read what http has just recorded.
        "group_eval_order": ["http", "slo", "slo_latency"],
        "evaluation_interval": "15s",
        "tests": [{ "interval": "5s", "input_series": series, "promql_expr_test": expectations() }],
    });
    // JSON is YAML, too.
    let file = folder.path().join("cold_start.yml");
    fs::write(&file, test.to_string()).expect("a file");
    run_promtools(&["test", "rules", file.to_str().expect("a path in UTF-8")]);
}
