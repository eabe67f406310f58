//! The format `pagerduty`: events of PagerDuty's Events API, version 2.
//!
//! Source: <https://developer.pagerduty.com/docs/events-api-v2/overview/>

use serde_json::{Value, json};

use crate::pager::page::{Change, Page};

/// The most characters of a summary that the API takes.
const MAX_SUMMARY: usize = 1024;

/// Returns the event: `trigger` when the page fires, `resolve` when it has ended. The key of both is the incident's.
pub fn event(change: &Change, routing_key: &str) -> Value {
    let page = change.page();
    let dedup_key = page.id.key();
    match change {
        Change::Fired(_) => json!({
            "routing_key": routing_key,
            "event_action": "trigger",
            "dedup_key": dedup_key,
            "client": "Observer",
            "links": links(page),
            "payload": payload(page),
        }),
        Change::Resolved(_) => json!({
            "routing_key": routing_key,
            "event_action": "resolve",
            "dedup_key": dedup_key,
        }),
    }
}

fn payload(page: &Page) -> Value {
    let source = [&page.instance, &page.job]
        .into_iter()
        .find(|source| !source.is_empty());
    json!({
        "summary": summary(page),
        "source": source.map_or("observer", String::as_str),
        "severity": severity(&page.severity),
        "timestamp": page.started_at,
        "component": page.job,
        "class": page.alertname,
        "custom_details": { "description": page.description },
    })
}

fn summary(page: &Page) -> String {
    let job = if page.job.is_empty() {
        String::new()
    } else {
        format!(" ({})", page.job)
    };
    let whole = format!("{}{job}: {}", page.alertname, page.summary);
    whole.chars().take(MAX_SUMMARY).collect()
}

/// Returns the severity as the API names it.
fn severity(severity: &str) -> &'static str {
    match severity {
        "page" => "critical",
        "warning" => "warning",
        "ticket" => "info",
        _ => "error",
    }
}

fn links(page: &Page) -> Value {
    if page.runbook_url.is_empty() {
        json!([])
    } else {
        json!([{ "href": page.runbook_url, "text": "Runbook" }])
    }
}
