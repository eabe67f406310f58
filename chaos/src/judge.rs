//! Compares a recording with the expectations of its scenario. Pure, so that tests can pass any recording.

use std::{collections::BTreeSet, time::Duration};

use serde::Serialize;

use crate::{
    alert::{Alert, WATCHDOG},
    counter::{CounterSummary, REFUSAL_LIMIT},
    inhibition,
    scenario::Scenario,
    snapshot::{Phase, Recording},
};

/// An expectation and its result.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub what: String,
    pub passed: bool,
    /// When it was met, since the fault or since the restore, if it has a time.
    pub seconds: Option<f64>,
    pub limit_seconds: Option<f64>,
    /// What was found instead.
    pub found: Option<String>,
}

impl Finding {
    /// An expectation with a time limit.
    fn timed(what: String, seen: Option<Duration>, limit: Duration) -> Self {
        Self {
            what,
            passed: seen.is_some_and(|seen| seen <= limit),
            seconds: seen.map(|seen| seen.as_secs_f64()),
            limit_seconds: Some(limit.as_secs_f64()),
            found: seen.is_none().then(|| "never".to_owned()),
        }
    }

    /// An expectation without a time limit. It failed if there is a complaint.
    fn plain(what: impl Into<String>, complaint: Option<String>) -> Self {
        Self {
            what: what.into(),
            passed: complaint.is_none(),
            seconds: None,
            limit_seconds: None,
            found: complaint,
        }
    }
}

/// Checks every expectation of the scenario.
pub fn judge(scenario: &Scenario, recording: &Recording, heartbeat_timeout: Duration) -> Vec<Finding> {
    let mut findings: Vec<_> = recording
        .errors
        .iter()
        .map(|error| Finding::plain("the proof itself ran", Some(error.clone())))
        .collect();
    for expected in scenario.expected {
        for phase in [Phase::Fault, Phase::Recovery] {
            for milestone in expected.course.milestones(phase) {
                findings.push(Finding::timed(
                    format!("{} is {milestone}", expected.alert),
                    milestone.seen(&expected.alert, recording),
                    expected.limit(phase, heartbeat_timeout),
                ));
            }
        }
    }
    findings.push(Finding::plain(
        "no other alert fires",
        unexpected_alerts(scenario, recording),
    ));
    if scenario.fault.is_unnoticed() {
        let sent = recording.served.as_ref().and_then(|served| served.as_ref().ok());
        let which = sent.map_or_else(String::new, |sent| format!(" of its {sent}"));
        findings.push(Finding::plain(
            format!("the load inside the cluster lost no request{which}"),
            complaint_of(recording.served.as_ref()),
        ));
    }
    if scenario.annotation.is_some() {
        let complaint = complaint_of(recording.annotated.as_ref());
        findings.push(Finding::plain("the dashboards show the fault", complaint));
    }
    if scenario.inhibits_warnings.is_some() {
        let complaint = complaint_of(recording.inhibition.as_ref());
        findings.push(Finding::plain(
            "a page inhibits warnings of the same service",
            complaint,
        ));
    }
    findings.push(steady_after(recording));
    findings.extend(counter(recording));
    findings
}

/// Returns the complaint of a check. A check that never ran is a complaint, too.
fn complaint_of<T>(result: Option<&Result<T, String>>) -> Option<String> {
    result.map_or_else(
        || Some("it was not checked".to_owned()),
        |result| result.as_ref().err().cloned(),
    )
}

/// Returns the alerts that fired or reached the pager without being expected.
fn unexpected_alerts(scenario: &Scenario, recording: &Recording) -> Option<String> {
    let mut known: BTreeSet<Alert> = scenario
        .expected
        .iter()
        .map(|expected| expected.alert.clone())
        .collect();
    known.extend(scenario.may_fire.iter().cloned());
    known.insert(WATCHDOG);
    known.extend(
        scenario
            .inhibits_warnings
            .map(|(_, delivered)| inhibition::warning(delivered)),
    );
    let fired = recording
        .snapshots()
        .filter_map(|snapshot| snapshot.prometheus.as_ref())
        .flat_map(|prometheus| &prometheus.firing);
    let delivered = recording
        .snapshots()
        .filter_map(|snapshot| snapshot.pager.as_ref())
        .flat_map(|pager| pager.delivered.iter().chain(&pager.firing));
    let unexpected_alerts: BTreeSet<_> = fired.chain(delivered).filter(|alert| !known.contains(*alert)).collect();
    let names: Vec<_> = unexpected_alerts.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn steady_after(recording: &Recording) -> Finding {
    let complaint = complaint_of(recording.steady_after.as_ref());
    let after = recording.steady_after.as_ref().and_then(|again| again.as_ref().ok());
    Finding {
        seconds: after.map(Duration::as_secs_f64),
        ..Finding::plain("the stack is steady again", complaint)
    }
}

fn counter(recording: &Recording) -> [Finding; 4] {
    let summary = CounterSummary::of(&recording.calls);
    let listed = |numbers: &[i64]| (!numbers.is_empty()).then(|| format!("{numbers:?}"));
    let silent = (!summary.silent.is_empty()).then(|| format!("none from {:?}", summary.silent));
    // One call in a hundred may be late: a machine that stalls for a moment is not the service's failure.
    let late = summary.refused_late * 100 > recording.calls.len();
    [
        Finding::plain("both instances count", silent),
        Finding::plain("no number was returned twice", listed(&summary.duplicates)),
        Finding::plain("no count was lost", listed(&summary.lost)),
        Finding::plain(
            format!("calls are refused within {REFUSAL_LIMIT:?}"),
            late.then(|| {
                let (late, slowest) = (summary.refused_late, summary.slowest_refusal_seconds);
                format!("{late} refusals took longer, the slowest {slowest:.1} s")
            }),
        ),
    ]
}

#[cfg(test)]
mod tests;
