//! The table of scenarios: what is broken, and what the stack is expected to say of it. `docs/chaos.md` explains it.

use std::time::Duration;

use crate::{
    alert::Alert,
    fault::{Fault, Instance, Verb},
    milestone::Course,
    snapshot::Phase,
};

/// What is broken, and what is expected then.
#[derive(Debug)]
pub struct Scenario {
    pub name: &'static str,
    /// What is broken, for a person to read.
    pub what: &'static str,
    pub fault: Fault,
    /// Any other alert fails the scenario.
    pub expected: &'static [Expected],
    /// The annotation, besides that of the alerts, that must show the fault of this instance.
    pub annotation: Option<(&'static str, Instance)>,
    /// Whether a made-up warning about this service must be held back by the page, and one about the other must not.
    pub holds_warnings_back: Option<(Instance, Instance)>,
}

/// An alert that must take its course.
#[derive(Debug)]
pub struct Expected {
    pub alert: Alert,
    pub course: Course,
    /// From the fault until all that the course has while it lasts.
    pub within: Limit,
    /// From the mending until all of the rest.
    pub over_within: Duration,
}

impl Expected {
    /// How long what this phase brings may take, from the phase's beginning.
    pub fn limit(&self, phase: Phase, heartbeat_timeout: Duration) -> Duration {
        match (phase, self.within) {
            (Phase::Broken, Limit::Fixed(limit)) => limit,
            (Phase::Broken, Limit::Heartbeat(more)) => heartbeat_timeout + more,
            (Phase::Mended, _) => self.over_within,
        }
    }
}

/// How long something may take.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    Fixed(Duration),
    /// The pager's own timeout of the heartbeat, and this.
    Heartbeat(Duration),
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

/// Waits 2 minutes before it fires. The promise for a database that is away is 4 minutes from the failure to the page.
const fn high_error_rate(job: &'static str) -> Expected {
    Expected {
        alert: Alert::of("HighErrorRate", job),
        course: Course::Told,
        within: Limit::Fixed(minutes(4)),
        over_within: minutes(3),
    }
}

/// The heartbeat stays away. The pager looks once a second.
const MONITORING_DOWN: Expected = Expected {
    alert: Alert::of("MonitoringDown", ""),
    course: Course::ByPager,
    within: Limit::Heartbeat(Duration::from_secs(10)),
    over_within: minutes(3),
};

const BOTH_FAIL: &[Expected] = &[high_error_rate("app"), high_error_rate("beta")];

/// All scenarios, in the order in which they run.
pub static SCENARIOS: [Scenario; 7] = [
    Scenario {
        name: "error-burst",
        what: "half of the requests to /echo of beta fail",
        fault: Fault::Plan(Instance::Beta, r#"{"echo": {"error_ratio": 0.5}}"#),
        expected: &[high_error_rate("beta")],
        annotation: Some(("Injected faults", Instance::Beta)),
        holds_warnings_back: Some((Instance::Beta, Instance::App)),
    },
    Scenario {
        name: "postgres-killed",
        what: "Postgres is killed, and stays dead",
        fault: Fault::Service(Verb::Kill, "postgres"),
        expected: BOTH_FAIL,
        annotation: None,
        holds_warnings_back: None,
    },
    Scenario {
        name: "postgres-stopped",
        what: "Postgres is frozen: its connections stay, nothing is answered",
        fault: Fault::Service(Verb::Freeze, "postgres"),
        expected: BOTH_FAIL,
        annotation: None,
        holds_warnings_back: None,
    },
    Scenario {
        name: "beta-killed",
        what: "beta is killed, and stays dead",
        fault: Fault::Service(Verb::Kill, "beta"),
        // Waits a minute before it fires. Nothing else is expected: the calls that app makes in vain are not its failures.
        expected: &[Expected {
            alert: Alert::of("InstanceDown", "beta"),
            course: Course::Told,
            within: Limit::Fixed(Duration::from_secs(150)),
            over_within: minutes(2),
        }],
        annotation: None,
        holds_warnings_back: None,
    },
    Scenario {
        name: "latency-burst",
        what: "every request to /ping of app takes 0.8 s longer",
        fault: Fault::Plan(Instance::App, r#"{"ping": {"delay": "constant:800ms"}}"#),
        // Waits 5 minutes before it fires.
        expected: &[Expected {
            alert: Alert::of("HighLatency", "app"),
            course: Course::Told,
            within: Limit::Fixed(minutes(7)),
            over_within: minutes(3),
        }],
        annotation: None,
        holds_warnings_back: None,
    },
    Scenario {
        name: "prometheus-stopped",
        what: "Prometheus is stopped: no rule is evaluated",
        fault: Fault::Service(Verb::Stop, "prometheus"),
        // No rule can say so, and no dashboard can show it.
        expected: &[MONITORING_DOWN],
        annotation: None,
        holds_warnings_back: None,
    },
    Scenario {
        name: "alertmanager-stopped",
        what: "Alertmanager is stopped: nothing that fires is delivered",
        fault: Fault::Service(Verb::Stop, "alertmanager"),
        // Prometheus knows, but cannot tell anybody: that is what the heartbeat is for.
        expected: &[
            Expected {
                alert: Alert::of("InstanceDown", "alertmanager"),
                course: Course::Untold,
                within: Limit::Fixed(Duration::from_secs(150)),
                over_within: minutes(2),
            },
            MONITORING_DOWN,
        ],
        annotation: None,
        holds_warnings_back: None,
    },
];

/// The scenario of this name.
pub fn by_name(name: &str) -> Result<&'static Scenario, String> {
    SCENARIOS.iter().find(|scenario| scenario.name == name).ok_or_else(|| {
        let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        format!("expected one of: {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;
    use test_support::{repository, rules};

    #[test]
    fn an_unknown_name_is_refused_with_the_list() {
        let refusal = by_name("postgres-kiled").expect_err("no such scenario");
        for scenario in &SCENARIOS {
            assert!(refusal.contains(scenario.name), "{refusal}");
        }
    }

    #[test]
    fn every_alert_that_prometheus_is_expected_to_raise_is_a_rule() {
        let rules = rules::all();
        let known: BTreeSet<_> = rules.iter().filter_map(|(_, rule)| rule.alert.as_deref()).collect();
        for scenario in &SCENARIOS {
            for expected in scenario.expected {
                let raised = !matches!(expected.course, Course::ByPager);
                assert_eq!(known.contains(&*expected.alert.name), raised, "{}", expected.alert);
            }
        }
    }

    #[test]
    fn the_documentation_lists_every_scenario_with_what_it_expects() {
        let text = repository::read(Path::new("docs/chaos.md"));
        for scenario in &SCENARIOS {
            let row = text
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` |", scenario.name)))
                .unwrap_or_else(|| panic!("docs/chaos.md has no row for {}", scenario.name));
            for expected in scenario.expected {
                assert!(
                    row.contains(&*expected.alert.name),
                    "{row}\ndoes not name {}",
                    expected.alert
                );
            }
        }
    }
}
