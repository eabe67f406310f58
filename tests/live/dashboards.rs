//! Every query of every dashboard, asked of the live Prometheus as Grafana would ask it.

use std::{collections::BTreeMap, time::SystemTime};

use serde_json::Value;
use test_support::{
    dashboard::{Dashboard, Target, Variable, fill_in},
    stack::{TIME_LIMIT, prometheus, query, wait_until_complete},
};

/// How far back a range query looks, in seconds: three scrapes, so that a panel whose data has stopped is found out.
const RANGE: u64 = 15;

type Values<'a> = BTreeMap<&'a str, String>;

/// The values that a variable can take now.
async fn values_of(variable: &Variable) -> Vec<String> {
    if variable.kind == "custom" {
        return variable.listed_values();
    }
    let (metric, label) = variable.label_values();
    let values = prometheus(&format!("label/{label}/values"), &[("match[]", metric)], None).await;
    values
        .iter()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// Each choice that can be made at the top of a dashboard.
async fn choices(dashboard: &Dashboard) -> Vec<Values<'_>> {
    let mut choices = vec![Values::new()];
    for variable in dashboard.query_variables().chain(dashboard.listed_variables()) {
        let values = values_of(variable).await;
        choices = choices
            .iter()
            .flat_map(|choice| {
                values.iter().map(|value| {
                    let mut choice = choice.clone();
                    choice.insert(&variable.name, value.clone());
                    choice
                })
            })
            .collect();
    }
    choices
}

/// Whether the query has a value that is a number: NaN draws nothing.
async fn has_data(target: &Target, expr: &str) -> bool {
    let series = if target.instant {
        query(expr).await
    } else {
        #[expect(clippy::disallowed_methods, reason = "Prometheus is asked by date")]
        let end = SystemTime::UNIX_EPOCH.elapsed().expect("a time after 1970").as_secs();
        let (start, end) = ((end - RANGE).to_string(), end.to_string());
        let parameters = [("query", expr), ("start", &start), ("end", &end), ("step", "5")];
        prometheus("query_range", &parameters, Some("result")).await
    };
    let is_number = |sample: &Value| sample[1].as_str().is_some_and(|value| value != "NaN");
    series.iter().any(|series| match series["values"].as_array() {
        Some(values) => values.iter().any(is_number),
        None => is_number(&series["value"]),
    })
}

#[tokio::test]
async fn every_query_of_every_panel_has_data() {
    let dashboards = Dashboard::all();
    wait_until_complete(TIME_LIMIT, "all panels have data", async || {
        let mut empty = Vec::new();
        for dashboard in &dashboards {
            let choices = choices(dashboard).await;
            if choices.is_empty() {
                empty.push(format!("{}: a variable has no value", dashboard.file.display()));
            }
            for values in &choices {
                for (panel, target) in dashboard.targets() {
                    let expr = fill_in(&target.expr, values);
                    if !has_data(target, &expr).await {
                        empty.push(format!("{}, query {}: {expr}", dashboard.place(panel), target.ref_id));
                    }
                }
            }
        }
        empty
    })
    .await;
}

#[tokio::test]
async fn every_annotation_can_be_asked_for() {
    for dashboard in &Dashboard::all() {
        for values in choices(dashboard).await {
            for annotation in dashboard.annotations() {
                // It may be empty: no alert fires on a healthy stack. An expression that is wrong is refused.
                query(&fill_in(&annotation.expr, &values)).await;
            }
        }
    }
}

#[tokio::test]
async fn both_services_can_be_chosen() {
    let dashboards = Dashboard::all();
    wait_until_complete(TIME_LIMIT, "both services can be chosen", async || {
        let mut missing = Vec::new();
        for dashboard in &dashboards {
            for variable in dashboard
                .query_variables()
                .filter(|variable| variable.name == "service")
            {
                let values = values_of(variable).await;
                let absent = ["app", "beta"]
                    .into_iter()
                    .filter(|service| !values.iter().any(|value| value == service));
                missing.extend(absent.map(|service| format!("{}: no {service}", dashboard.file.display())));
            }
        }
        missing
    })
    .await;
}
