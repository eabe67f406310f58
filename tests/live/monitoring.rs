//! Prometheus sees everything, its rules work, and what fires gets through to the pager.

use std::time::Duration;

use serde_json::Value;
use test_support::stack::{JOBS, Part, TIME_LIMIT, prometheus, query, wait_until_complete};

/// Where Prometheus evaluates its rules before it has found Alertmanager, it sends the heartbeat again a minute later.
const HEARTBEAT_TIME_LIMIT: Duration = Duration::from_mins(2);

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[tokio::test]
async fn every_target_is_up() {
    wait_until_complete(TIME_LIMIT, "all targets are up", async || {
        let targets = prometheus("targets", &[("state", "active")], Some("activeTargets")).await;
        let absent = JOBS
            .iter()
            .filter(|job| !targets.iter().any(|target| target["labels"]["job"] == **job))
            .map(|job| format!("{job} is no target"));
        let down = targets.iter().filter(|target| target["health"] != "up").map(|target| {
            format!(
                "{} is {}: {}",
                target["labels"],
                text(&target["health"]),
                text(&target["lastError"])
            )
        });
        absent.chain(down).collect()
    })
    .await;
}

#[tokio::test]
async fn every_rule_is_evaluated_without_an_error() {
    wait_until_complete(TIME_LIMIT, "all rules are evaluated", async || {
        let groups = prometheus("rules", &[], Some("groups")).await;
        assert!(!groups.is_empty(), "Prometheus has no rules");
        let rules = groups.iter().filter_map(|group| group["rules"].as_array()).flatten();
        let broken = rules.filter(|rule| rule["health"] != "ok");
        broken
            .map(|rule| format!("{} is {}: {}", rule["name"], rule["health"], rule["lastError"]))
            .collect()
    })
    .await;
}

#[tokio::test]
async fn prometheus_has_an_alertmanager() {
    wait_until_complete(TIME_LIMIT, "Prometheus has an Alertmanager", async || {
        let active = prometheus("alertmanagers", &[], Some("activeAlertmanagers")).await;
        if active.is_empty() {
            vec!["none is active".to_owned()]
        } else {
            Vec::new()
        }
    })
    .await;
}

#[tokio::test]
async fn the_watchdog_fires_and_its_heartbeat_reaches_the_pager() {
    wait_until_complete(
        HEARTBEAT_TIME_LIMIT,
        "the Watchdog's heartbeat reaches the pager",
        async || {
            let mut missing = Vec::new();
            if query(r#"ALERTS{alertname="Watchdog", alertstate="firing"}"#)
                .await
                .is_empty()
            {
                missing.push("Prometheus does not fire it".to_owned());
            }
            let alerts = Part::Alertmanager
                .json("/api/v2/alerts", &[("filter", r#"alertname="Watchdog""#)])
                .await;
            if alerts[0]["receivers"][0]["name"] != "heartbeat" {
                missing.push(format!("Alertmanager does not route it as a heartbeat: {alerts}"));
            }
            if query("pager_heartbeats_total > 0").await.is_empty() {
                missing.push("the pager has received none".to_owned());
            }
            missing
        },
    )
    .await;
}
