//! The steady state: everything is up, and no alert is pending or firing.

use std::collections::BTreeSet;

use crate::{alert::WATCHDOG, snapshot::InPrometheus, stack::Stack};
use test_support::stack::{JOBS, Part};

/// Returns what is wrong; empty in the steady state.
pub async fn complaints(stack: &Stack) -> Vec<String> {
    let mut complaints = Vec::new();
    for (part, path) in [
        (Part::App, "/readyz"),
        (Part::Beta, "/readyz"),
        (Part::Alertmanager, "/-/ready"),
    ] {
        complaints.extend(stack.check(part, path).await.err().map(|error| format!("{error:#}")));
    }
    match prometheus_complaints(stack).await {
        Ok(found) => complaints.extend(found),
        Err(error) => complaints.push(format!("{error:#}")),
    }
    match pager_complaints(stack).await {
        Ok(found) => complaints.extend(found),
        Err(error) => complaints.push(format!("{error:#}")),
    }
    complaints
}

async fn prometheus_complaints(stack: &Stack) -> anyhow::Result<Vec<String>> {
    let answer = stack
        .get(Part::Prometheus, "/api/v1/targets", &[("state", "active")])
        .await?;
    let targets = answer["data"]["activeTargets"].as_array().cloned().unwrap_or_default();
    let up = |target: &serde_json::Value| target["health"] == "up";
    let jobs_up: BTreeSet<_> = targets
        .iter()
        .filter(|target| up(target))
        .filter_map(|target| target["labels"]["job"].as_str())
        .collect();
    let absent = JOBS.iter().filter(|job| !jobs_up.contains(**job));
    let down = targets.iter().filter(|target| !up(target));
    let mut complaints: Vec<_> = absent
        .map(|job| format!("no target of {job} is up"))
        .chain(down.map(|target| format!("{} is down", target["labels"])))
        .collect();

    let answer = stack.get(Part::Prometheus, "/api/v1/alerts", &[]).await?;
    let alerts = InPrometheus::read(&answer).unwrap_or_default();
    complaints.extend(alerts.pending.iter().map(|alert| format!("{alert} is pending")));
    let firing = alerts.firing.iter().filter(|alert| **alert != WATCHDOG);
    complaints.extend(firing.map(|alert| format!("{alert} is firing")));
    if !alerts.firing.contains(&WATCHDOG) {
        complaints.push(format!("{WATCHDOG} is not firing"));
    }
    Ok(complaints)
}

async fn pager_complaints(stack: &Stack) -> anyhow::Result<Vec<String>> {
    let answer = stack.get(Part::Pager, "/api/pages", &[]).await?;
    let firing = answer["firing"].as_array().cloned().unwrap_or_default();
    let mut complaints: Vec<_> = firing
        .iter()
        .map(|page| format!("{} is on the pager", crate::alert::Alert::from_object(page)))
        .collect();
    if answer["heartbeat"]["fresh"] != true {
        complaints.push("the pager has no fresh heartbeat".to_owned());
    }
    Ok(complaints)
}
