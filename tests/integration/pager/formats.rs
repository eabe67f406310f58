//! The formats of Slack and PagerDuty.

use serde_json::{Value, json};

use super::{
    process::{PagerProcess, folder, notification},
    receiver::Receiver,
};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// Forwards notifications in a format, and returns the messages.
async fn forwarded(flags: &[&str], notifications: &[Value], count: usize) -> Vec<Value> {
    let receiver = Receiver::start().await;
    let folder = folder();
    let flag = receiver.flag();
    let flags: Vec<&str> = flags.iter().copied().chain([flag.as_str()]).collect();
    let pager = PagerProcess::start(folder.path(), &flags);
    for notification in notifications {
        pager.notify(notification).await;
    }
    receiver.messages(count).await
}

#[tokio::test]
async fn the_slack_format_is_a_text() {
    let firing = notification("firing", "HighErrorRate", STARTED);
    let messages = forwarded(&["--forward-format=slack"], &[firing], 1).await;
    assert_eq!(
        messages[0],
        json!({
            "text": ":red_circle: firing: *HighErrorRate* (app): HighErrorRate happens <https://example.com/runbook|runbook>"
        })
    );
}

#[tokio::test]
async fn what_a_person_wrote_is_no_markup_for_slack() {
    let mut firing = notification("firing", "HighErrorRate", STARTED);
    firing["alerts"][0]["annotations"] = json!({
        "summary": "<!channel> <@U024BE7LH> a < b && c > d <https://evil.example|click>",
        "runbook_url": "https://example.com/runbook?alert=a&job=b",
    });
    let messages = forwarded(&["--forward-format=slack"], &[firing], 1).await;
    assert_eq!(
        messages[0]["text"],
        ":red_circle: firing: *HighErrorRate* (app): &lt;!channel&gt; &lt;@U024BE7LH&gt; a &lt; b &amp;&amp; c &gt; d \
         &lt;https://evil.example|click&gt; <https://example.com/runbook?alert=a&amp;job=b|runbook>"
    );
}

#[tokio::test]
async fn pagerduty_gets_a_trigger_and_a_resolve_with_the_incidents_key() {
    let first = "2026-11-21T07:00:00Z";
    let notifications = [
        notification("firing", "HighErrorRate", first),
        notification("firing", "HighErrorRate", STARTED),
        notification("resolved", "HighErrorRate", STARTED),
    ];
    let flags = ["--forward-format=pagerduty", "--forward-routing-key=R0UTING"];
    let messages = forwarded(&flags, &notifications, 4).await;
    let of = |key: &str| -> Vec<&Value> { messages.iter().filter(|event| event["dedup_key"] == key).collect() };
    for (key, started) in [
        (format!("of-HighErrorRate@{first}"), first),
        (format!("of-HighErrorRate@{STARTED}"), STARTED),
    ] {
        let events = of(&key);
        assert_eq!(events.len(), 2, "{messages:?}");
        assert_eq!(events[0]["event_action"], "trigger");
        assert_eq!(events[0]["routing_key"], "R0UTING");
        assert_eq!(
            events[0]["payload"],
            json!({
                "summary": "HighErrorRate (app): HighErrorRate happens",
                "source": "app",
                "severity": "critical",
                "timestamp": started,
                "component": "app",
                "class": "HighErrorRate",
                "custom_details": { "description": "3% of the requests fail." },
            })
        );
        assert_eq!(
            events[0]["links"],
            json!([{ "href": "https://example.com/runbook", "text": "Runbook" }])
        );
        assert_eq!(
            events[1],
            &json!({ "event_action": "resolve", "routing_key": "R0UTING", "dedup_key": key })
        );
    }
}

#[test]
fn pagerduty_requires_a_routing_key() {
    let folder = folder();
    let output = super::process::command(folder.path(), &["--forward-format=pagerduty"])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("--forward-routing-key"), "{said}");
}
