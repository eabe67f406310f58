//! Prometheus' configuration and rules: they load, their unit tests pass, and they keep to the conventions.

use regex::Regex;
use test_support::{
    repository,
    rules::{self, Rule},
    tools::run_promtools,
};

/// Runs each promtool on all files of a folder.
fn promtool_on(arguments: &[&str], folder: &str) {
    let files = repository::files(folder, "yml");
    let files = files.iter().map(|path| path.to_str().expect("a path in UTF-8"));
    let arguments: Vec<_> = arguments.iter().copied().chain(files).collect();
    run_promtools(&arguments);
}

fn alerts() -> impl Iterator<Item = Rule> {
    rules::all()
        .into_iter()
        .map(|(_, rule)| rule)
        .filter(|rule| rule.alert.is_some())
}

#[test]
fn promtool_accepts_the_configuration() {
    run_promtools(&["check", "config", "prometheus/prometheus.yml"]);
}

#[test]
fn promtool_accepts_the_rules() {
    promtool_on(&["check", "rules", "--lint-fatal"], "prometheus/rules");
}

#[test]
fn the_unit_tests_of_the_rules_pass() {
    promtool_on(&["test", "rules"], "prometheus/tests");
}

#[test]
fn every_rule_has_a_unit_test() {
    let tests: String = repository::files("prometheus/tests", "yml")
        .iter()
        .map(|path| repository::read(path))
        .collect();
    for (file, rule) in rules::all() {
        assert!(
            tests.contains(rule.name()),
            "{}: {} is not tested",
            file.display(),
            rule.name()
        );
    }
}

#[test]
fn recording_rules_are_named_level_metric_operations() {
    let convention = Regex::new("^[a-z_]+:[a-z_]+:[a-z0-9_]+$").expect("a valid pattern");
    for (file, rule) in rules::all().iter().filter(|(_, rule)| rule.record.is_some()) {
        assert!(convention.is_match(rule.name()), "{}: {}", file.display(), rule.name());
    }
}

#[test]
fn every_alert_has_a_summary_a_value_and_a_runbook() {
    for alert in alerts() {
        let annotation = |name: &str| {
            let text = alert.annotations.get(name);
            text.unwrap_or_else(|| panic!("{} has no {name}", alert.name()))
        };
        assert!(!annotation("summary").is_empty(), "{}", alert.name());
        assert!(
            annotation("description").contains("$value"),
            "{}: no value in the description",
            alert.name()
        );
        // The external label is the URL of the pager's runbooks.
        let runbook = format!("{{{{ $externalLabels.runbooks }}}}/{}", alert.name());
        assert_eq!(annotation("runbook_url"), &runbook, "{}", alert.name());
    }
}

/// Asserts that the Swarm's stack has a configuration of each file of a folder, mounted in so many services.
fn assert_in_the_swarm(folder: &str, extension: &str, target: &str, services: usize) {
    let stack = repository::read("deploy/swarm/stack.yml".as_ref());
    for file in repository::files(folder, extension) {
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name in UTF-8");
        for (line, times) in [
            (format!("target: {target}/{name}}}"), services),
            (format!("file: ../../{folder}/{name}\n"), 1),
        ] {
            let found = stack.matches(&line).count();
            assert_eq!(found, times, "deploy/swarm/stack.yml has {line:?} {found} times");
        }
    }
}

#[test]
fn a_swarm_gets_every_file_of_rules() {
    assert_in_the_swarm("prometheus/rules", "yml", "/etc/prometheus/rules", 1);
}

#[test]
fn a_swarm_gets_every_dashboard_in_the_console_and_in_grafana() {
    assert_in_the_swarm("grafana/source/dashboards", "json", "/etc/grafana/dashboards", 2);
}
