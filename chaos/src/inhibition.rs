//! Inhibition: while a page fires, Alertmanager mutes warnings of the same service, and no others.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use test_support::stack::Part;

use crate::{
    alert::Alert,
    fault::Instance,
    retry,
    snapshot::OnPager,
    stack::{Stack, now},
};

/// Name of the synthetic warning. The pager shows it, so it says that it is made up.
const WARNING: &str = "MadeUpWarning";

/// Time limit until the warning of the other service is on the pager.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Alertmanager drops the warnings after this, in case nothing clears them.
const LIFETIME: SignedDuration = SignedDuration::from_mins(3);

/// The synthetic warning of a service.
pub const fn warning(instance: Instance) -> Alert {
    Alert::of(WARNING, instance.name())
}

/// Sends a warning of both services, and waits until Alertmanager inhibits one and delivers the other.
///
/// # Errors
///
/// Fails if that is not the case in time.
pub async fn check(stack: &Stack, muted: Instance, free: Instance) -> anyhow::Result<()> {
    let from = now();
    for instance in [muted, free] {
        warn(stack, instance, from, from + LIFETIME).await?;
    }
    let result = retry::within(TIMEOUT, || is_as_expected(stack, muted, free)).await;
    for instance in [muted, free] {
        warn(stack, instance, from, now()).await?;
    }
    result
}

/// Succeeds if one warning is inhibited, and the other one is on the pager.
async fn is_as_expected(stack: &Stack, muted: Instance, free: Instance) -> anyhow::Result<()> {
    let pages = stack.get(Part::Pager, "/api/pages", &[]).await?;
    let pager = OnPager::read(&pages, Timestamp::MIN).unwrap_or_default();
    let delivered = pager.firing.contains(&warning(free));
    let (muted_is, free_is) = (is_inhibited(stack, muted).await?, is_inhibited(stack, free).await?);
    // The judgement checks that the inhibited warning never reached the pager, as for every unexpected alert.
    anyhow::ensure!(
        delivered && muted_is && !free_is,
        "{} on the pager: {delivered}, inhibited: {free_is}; {} inhibited: {muted_is}",
        warning(free),
        warning(muted)
    );
    Ok(())
}

/// Sends the warning to Alertmanager, with the times at which it starts and ends. Without a start, Alertmanager takes the
/// end for it: the pager would not know the end as that of this warning.
async fn warn(stack: &Stack, instance: Instance, from: Timestamp, until: Timestamp) -> anyhow::Result<()> {
    let alerts = json!([{
        "labels": { "alertname": WARNING, "job": instance.name(), "severity": "warning" },
        "annotations": { "summary": "Made up by the chaos proof" },
        "startsAt": from.to_string(),
        "endsAt": until.to_string(),
    }]);
    stack.post(Part::Alertmanager, "/api/v2/alerts", &alerts).await
}

/// Returns whether another alert inhibits the warning.
async fn is_inhibited(stack: &Stack, instance: Instance) -> anyhow::Result<bool> {
    let filter = format!(r#"alertname="{WARNING}""#);
    let alerts = stack
        .get(Part::Alertmanager, "/api/v2/alerts", &[("filter", &filter)])
        .await?;
    let inhibits = |alert: &Value| {
        let by = alert["status"]["inhibitedBy"].as_array();
        alert["labels"]["job"] == instance.name() && by.is_some_and(|by| !by.is_empty())
    };
    Ok(alerts.as_array().is_some_and(|alerts| alerts.iter().any(inhibits)))
}
