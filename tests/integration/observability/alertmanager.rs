//! Alertmanager's configuration: it loads, and each alert goes where its severity says.

use test_support::{
    rules,
    tools::{amtool, run},
};

const CONFIGURATION: &str = "alertmanager/alertmanager.yml";

/// The receiver of each severity.
const ROUTES: [(&str, &str); 4] = [
    ("page", "page"),
    ("warning", "warning"),
    ("ticket", "ticket"),
    ("none", "heartbeat"),
];

fn receiver_of(severity: &str) -> String {
    let configuration = format!("--config.file={CONFIGURATION}");
    let severity = format!("severity={severity}");
    run(
        &amtool(),
        &[
            "config",
            "routes",
            "test",
            &configuration,
            "alertname=Any",
            "job=app",
            &severity,
        ],
    )
    .trim()
    .to_owned()
}

#[test]
fn amtool_accepts_the_configuration() {
    run(&amtool(), &["check-config", CONFIGURATION]);
}

#[test]
fn each_severity_is_routed_to_its_receiver() {
    for (severity, receiver) in ROUTES {
        assert_eq!(receiver_of(severity), receiver, "severity {severity}");
    }
}

#[test]
fn an_unknown_severity_is_routed_as_a_page() {
    assert_eq!(receiver_of("misspelt"), "page");
}

#[test]
fn every_alert_has_a_severity_that_is_routed() {
    for (file, rule) in rules::all().iter().filter(|(_, rule)| rule.alert.is_some()) {
        let severity = rule.labels.get("severity").map(String::as_str);
        assert!(
            ROUTES.iter().any(|(there, _)| Some(*there) == severity),
            "{}, {}: severity {severity:?}",
            file.display(),
            rule.name()
        );
    }
}
