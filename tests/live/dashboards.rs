//! Every query of every dashboard, asked of the live Prometheus as Grafana would ask it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::SystemTime,
};

use serde_json::Value;
use test_support::{
    dashboard::{Dashboard, Target, Variable, fill_in},
    stack::{TIME_LIMIT, prometheus, query, wait_until_complete},
};

/// How far back a range query looks, in seconds: three scrapes, so that a panel whose data has stopped is found out.
const RANGE: u64 = 15;

type Values<'a> = BTreeMap<&'a str, String>;

/// Start and end of the last [`RANGE`], as Prometheus takes them.
fn range() -> (String, String) {
    #[expect(clippy::disallowed_methods, reason = "Prometheus is asked by date")]
    let end = SystemTime::UNIX_EPOCH.elapsed().expect("a time after 1970").as_secs();
    ((end - RANGE).to_string(), end.to_string())
}

/// The values that a variable can take now, where those before it have been chosen.
async fn values_of(variable: &Variable, chosen: &Values<'_>) -> Vec<String> {
    if variable.kind == "custom" {
        return variable.listed_values();
    }
    let (series, label) = variable.label_values();
    // Not the list of the label's values, which has those of instances that are gone, too.
    let values = query(&format!("group by ({label}) ({})", fill_in(series, chosen))).await;
    let values = values
        .iter()
        .filter_map(|value| value["metric"][label].as_str().map(str::to_owned));
    values.chain(variable.all_value.clone()).collect()
}

/// Each choice that can be made at the top of a dashboard.
async fn choices(dashboard: &Dashboard) -> Vec<Values<'_>> {
    let mut choices = vec![Values::new()];
    for variable in dashboard.query_variables().chain(dashboard.listed_variables()) {
        let mut longer = Vec::new();
        for choice in choices {
            for value in values_of(variable, &choice).await {
                let mut choice = choice.clone();
                choice.insert(&variable.name, value);
                longer.push(choice);
            }
        }
        choices = longer;
    }
    choices
}

/// Whether the query has a value that is a number: NaN draws nothing.
async fn has_data(target: &Target, expr: &str) -> bool {
    let series = if target.instant {
        query(expr).await
    } else {
        let (start, end) = range();
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
    // Each only once: there are hundreds.
    let mut with_data = BTreeSet::new();
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
                    let query = format!("{}, query {}: {expr}", dashboard.place(panel), target.ref_id);
                    if with_data.contains(&query) {
                        continue;
                    }
                    if has_data(target, &expr).await {
                        with_data.insert(query);
                    } else {
                        empty.push(query);
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
                let values = values_of(variable, &Values::new()).await;
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
