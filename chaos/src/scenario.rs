//! The table of scenarios: faults and expected alerts. `docs/chaos.md` explains it.

mod cluster;

use std::time::Duration;

use crate::{
    alert::Alert,
    configuration::Edit,
    fault::{Fault, Instance, Verb},
    milestone::Course,
    runtime::Runtime,
    snapshot::Phase,
};

/// A fault and its expected effects.
#[derive(Debug)]
pub struct Scenario {
    pub name: &'static str,
    /// The runtimes that have it, under this name.
    pub runtimes: &'static [Runtime],
    /// Description of the fault.
    pub what: &'static str,
    pub fault: Fault,
    /// Any other alert fails the scenario.
    pub expected: &'static [Expected],
    /// Alerts that may fire, but need not: it depends on clients other than the proof's.
    pub may_fire: &'static [Alert],
    /// An annotation, besides that of the alerts, that must show the fault of this instance.
    pub annotation: Option<(&'static str, Instance)>,
    /// The page must inhibit a synthetic warning of the first instance, and not one of the second.
    pub inhibits_warnings: Option<(Instance, Instance)>,
}

/// An alert that must fire and end.
#[derive(Debug)]
pub struct Expected {
    pub alert: Alert,
    pub course: Course,
    /// Time limit from the fault to the last milestone of the fault phase.
    pub within: Limit,
    /// Time limit from the restore to the last milestone.
    pub resolved_within: Duration,
}

impl Expected {
    /// Returns the time limit of a phase, from its beginning.
    pub fn limit(&self, phase: Phase, heartbeat_timeout: Duration) -> Duration {
        match (phase, self.within) {
            (Phase::Fault, Limit::Fixed(limit)) => limit,
            (Phase::Fault, Limit::Heartbeat(more)) => heartbeat_timeout + more,
            (Phase::Recovery, _) => self.resolved_within,
        }
    }
}

/// A time limit.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    Fixed(Duration),
    /// The pager's heartbeat timeout plus this.
    Heartbeat(Duration),
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

/// Pending for 2 minutes. Promised: 4 minutes from the failure of the database to the page.
const fn high_error_rate(job: &'static str) -> Expected {
    Expected {
        alert: Alert::of("HighErrorRate", job),
        course: Course::Delivered,
        within: Limit::Fixed(minutes(4)),
        resolved_within: minutes(3),
    }
}

/// The heartbeat is missing. The pager checks once a second.
const MONITORING_DOWN: Expected = Expected {
    alert: Alert::of("MonitoringDown", ""),
    course: Course::ByPager,
    within: Limit::Heartbeat(Duration::from_secs(30)),
    resolved_within: minutes(3),
};

/// Pending for 2 minutes. Prometheus notices that a target or its metrics are gone within seconds.
const fn missing(alert: &'static str, job: &'static str) -> Expected {
    Expected {
        alert: Alert::of(alert, job),
        course: Course::Delivered,
        within: Limit::Fixed(Duration::from_secs(210)),
        resolved_within: minutes(2),
    }
}

/// Pending for 2 minutes. The service notices within seconds that the database is away, whether it is asked or not.
const fn not_ready(job: &'static str) -> Expected {
    Expected {
        alert: Alert::of("ServiceNotReady", job),
        course: Course::Delivered,
        within: Limit::Fixed(minutes(4)),
        resolved_within: minutes(2),
    }
}

/// The cause and what clients notice of it. Neither inhibits the other.
const WITHOUT_DATABASE: &[Expected] = &[
    not_ready("app"),
    not_ready("beta"),
    high_error_rate("app"),
    high_error_rate("beta"),
];

/// The scenarios of services and of Prometheus' files, in the order in which they run.
static SCENARIOS: [Scenario; 10] = [
    Scenario {
        name: "error-burst",
        runtimes: Runtime::ALL,
        what: "half of the requests to /echo of beta fail",
        fault: Fault::Plan(Instance::Beta, r#"{"echo": {"error_ratio": 0.5}}"#),
        expected: &[high_error_rate("beta")],
        annotation: Some(("Injected faults", Instance::Beta)),
        may_fire: &[],
        inhibits_warnings: Some((Instance::Beta, Instance::App)),
    },
    Scenario {
        name: "postgres-killed",
        runtimes: Runtime::ALL,
        what: "Postgres is killed and not restarted",
        fault: Fault::Service(Verb::Kill, "postgres"),
        expected: WITHOUT_DATABASE,
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "postgres-stopped",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "Postgres is frozen: connections stay open, nothing is answered",
        fault: Fault::Service(Verb::Freeze, "postgres"),
        expected: WITHOUT_DATABASE,
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "beta-killed",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "beta is killed and not restarted",
        fault: Fault::Service(Verb::Kill, "beta"),
        // Pending for a minute. Nothing else fires: calls of app to beta that fail are not failures of app.
        expected: &[Expected {
            alert: Alert::of("InstanceDown", "beta"),
            course: Course::Delivered,
            within: Limit::Fixed(Duration::from_secs(150)),
            resolved_within: minutes(2),
        }],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "latency-burst",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "every request to /ping of app takes 0.8 s longer",
        fault: Fault::Plan(Instance::App, r#"{"ping": {"delay": "constant:800ms"}}"#),
        // Pending for 5 minutes.
        expected: &[Expected {
            alert: Alert::of("HighLatency", "app"),
            course: Course::Delivered,
            within: Limit::Fixed(minutes(7)),
            resolved_within: minutes(3),
        }],
        annotation: Some(("Injected faults", Instance::App)),
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "prometheus-stopped",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "Prometheus is stopped: no rule is evaluated",
        fault: Fault::Service(Verb::Stop, "prometheus"),
        // No rule can fire, and no dashboard can show it.
        expected: &[MONITORING_DOWN],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "alertmanager-stopped",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "Alertmanager is stopped: no alert is delivered",
        fault: Fault::Service(Verb::Stop, "alertmanager"),
        // Prometheus fires the alert but cannot deliver it: the missing heartbeat reveals it.
        expected: &[
            Expected {
                alert: Alert::of("InstanceDown", "alertmanager"),
                course: Course::Undelivered,
                within: Limit::Fixed(Duration::from_secs(150)),
                resolved_within: minutes(2),
            },
            MONITORING_DOWN,
        ],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "target-vanished",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "app is gone from the list of targets",
        fault: Fault::Configuration(Edit::RemoveTarget("app")),
        // Not InstanceDown: there is no `up` that could be 0.
        expected: &[missing("TargetMissing", "app")],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "relabelled-away",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "relabelling drops the target of app, and the request metrics of beta",
        fault: Fault::Configuration(Edit::Relabel {
            target: "app",
            metrics: "beta",
        }),
        expected: &[missing("TargetMissing", "app"), missing("MetricsMissing", "beta")],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "requests-hang",
        runtimes: Runtime::ON_ONE_MACHINE,
        what: "no request to beta is answered",
        fault: Fault::Plan(
            Instance::Beta,
            r#"{"ping": {"hang_ratio": 1}, "echo": {"hang_ratio": 1}, "counter": {"hang_ratio": 1}}"#,
        ),
        // Pending for 2 minutes. The calls that were answered leave the window of a minute first.
        expected: &[Expected {
            alert: Alert::of("HighAbortRate", "beta"),
            course: Course::Delivered,
            within: Limit::Fixed(minutes(4)),
            resolved_within: minutes(3),
        }],
        annotation: Some(("Injected faults", Instance::Beta)),
        // A client that waits longer than the service's own timeout, as that of `make load` does, gets a 503.
        may_fire: &[Alert::of("HighErrorRate", "beta")],
        inhibits_warnings: None,
    },
];

/// Returns all scenarios, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Scenario> {
    SCENARIOS.iter().chain(&cluster::SCENARIOS)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;
    use test_support::{repository, rules};

    #[test]
    fn every_expected_alert_of_prometheus_has_a_rule() {
        let rules = rules::all();
        let known: BTreeSet<_> = rules.iter().filter_map(|(_, rule)| rule.alert.as_deref()).collect();
        for scenario in all() {
            for expected in scenario.expected {
                let raised = !matches!(expected.course, Course::ByPager);
                assert_eq!(known.contains(&*expected.alert.name), raised, "{}", expected.alert);
            }
        }
    }

    #[test]
    fn the_documentation_lists_every_scenario_with_its_alerts() {
        let text = repository::read(Path::new("docs/chaos.md"));
        for scenario in all() {
            let heading = format!("| `{}` |", scenario.name);
            let is_whole = |row: &str| {
                let mut expected = scenario.expected.iter();
                row.starts_with(&heading) && expected.all(|expected| row.contains(&*expected.alert.name))
            };
            assert!(
                text.lines().any(is_whole),
                "docs/chaos.md has no row for {} with {:?}",
                scenario.name,
                scenario.expected
            );
        }
    }
}
