//! While a page fires, warnings of the same service are held back, and those of another are not.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::time::sleep;

use test_support::stack::Part;

use crate::{
    alert::Alert,
    fault::Instance,
    snapshot::OnPager,
    stack::{Stack, now},
};

/// The made-up warning.
const WARNING: &str = "MadeUpWarning";

/// How long it may take until the warning about the other service is on the pager.
const PATIENCE: Duration = Duration::from_mins(1);

/// Alertmanager forgets the warnings after this, should nobody clear them.
const LASTS: SignedDuration = SignedDuration::from_mins(3);

/// The warning about this service.
pub const fn warning(instance: Instance) -> Alert {
    Alert::of(WARNING, instance.name())
}

/// Warns of both services, and waits until Alertmanager tells the pager of the one and holds the other back.
///
/// # Errors
///
/// Fails with what was not so.
pub async fn check(stack: &Stack, held_back: Instance, told: Instance) -> anyhow::Result<()> {
    let until = now() + LASTS;
    for instance in [held_back, told] {
        warn(stack, instance, until).await?;
    }
    let result = wait(stack, held_back, told).await;
    for instance in [held_back, told] {
        warn(stack, instance, now()).await?;
    }
    result
}

async fn wait(stack: &Stack, held_back: Instance, told: Instance) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let pages = stack.get(Part::Pager, "/api/pages", &[]).await?;
        let pager = OnPager::read(&pages, Timestamp::MIN).unwrap_or_default();
        let is_told = pager.firing.contains(&warning(told));
        let (inhibited, free) = (is_inhibited(stack, held_back).await?, !is_inhibited(stack, told).await?);
        // That the warning did not reach the pager is judged by the recording, as for every alert that is not expected.
        if is_told && inhibited && free {
            return Ok(());
        }
        anyhow::ensure!(
            began.elapsed() < PATIENCE,
            "after {PATIENCE:?}: {} is on the pager: {is_told}; {} is inhibited: {inhibited}; the other is not: {free}",
            warning(told),
            warning(held_back)
        );
        sleep(Duration::from_secs(1)).await;
    }
}

/// Tells Alertmanager of the warning, which ends at this time.
async fn warn(stack: &Stack, instance: Instance, until: Timestamp) -> anyhow::Result<()> {
    let alerts = json!([{
        "labels": { "alertname": WARNING, "job": instance.name(), "severity": "warning" },
        "annotations": { "summary": "Made up by the chaos proof" },
        "endsAt": until.to_string(),
    }]);
    stack.post(Part::Alertmanager, "/api/v2/alerts", &alerts).await
}

/// Whether Alertmanager holds the warning back because of another alert.
async fn is_inhibited(stack: &Stack, instance: Instance) -> anyhow::Result<bool> {
    let filter = format!(r#"alertname="{WARNING}""#);
    let alerts = stack
        .get(Part::Alertmanager, "/api/v2/alerts", &[("filter", &filter)])
        .await?;
    let is_held = |alert: &Value| {
        let by = alert["status"]["inhibitedBy"].as_array();
        alert["labels"]["job"] == instance.name() && by.is_some_and(|by| !by.is_empty())
    };
    Ok(alerts.as_array().is_some_and(|alerts| alerts.iter().any(is_held)))
}
