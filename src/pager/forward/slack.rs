//! The format `slack`: a line of Slack's markup, for incoming webhooks.

use reqwest::Url;
use serde_json::{Value, json};

use crate::pager::page::{Change, EndReason, Page};

/// Returns the message.
pub fn message(change: &Change) -> Value {
    let Page {
        alertname,
        job,
        summary,
        runbook_url,
        ..
    } = change.page();
    let status = match (change, change.page().end_reason) {
        (Change::Fired(_), _) => ":red_circle: firing",
        (Change::Resolved(_), Some(EndReason::Superseded)) => ":large_green_circle: ended, and fires again",
        (Change::Resolved(_), _) => ":large_green_circle: resolved",
    };
    let (alertname, summary) = (escaped(alertname), escaped(summary));
    let job = if job.is_empty() {
        String::new()
    } else {
        format!(" ({})", escaped(job))
    };
    let runbook = link(runbook_url).unwrap_or_default();
    json!({ "text": format!("{status}: *{alertname}*{job}: {summary}{runbook}") })
}

/// Escapes Slack's control characters, so that a text is no link and notifies nobody: `<!channel>` does.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns the link to a runbook, if it is a URL.
fn link(runbook_url: &str) -> Option<String> {
    let url = Url::parse(runbook_url).ok()?;
    if !["http", "https"].contains(&url.scheme()) {
        return None;
    }
    // A vertical bar would end the URL.
    let url = escaped(&url.as_str().replace('|', "%7C"));
    Some(format!(" <{url}|runbook>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_one_link_whatever_its_url() {
        assert_eq!(
            link("https://example.com/a|b?c=<d>&e=f#g>h").as_deref(),
            Some(" <https://example.com/a%7Cb?c=%3Cd%3E&amp;e=f#g%3Eh|runbook>")
        );
        for none in ["", "!channel", "javascript:alert(1)", "runbook"] {
            assert_eq!(link(none), None, "{none}");
        }
    }
}
