//! The judgement: a recording against what was expected. It asks nothing and waits for nothing, so that tests can give it
//! any recording.

use std::{collections::BTreeSet, time::Duration};

use serde::Serialize;

use crate::{
    alert::{Alert, WATCHDOG},
    counter::{REFUSED_WITHIN, Tally},
    held_back,
    scenario::Scenario,
    snapshot::{Phase, Recording},
};

/// Something that was expected, and whether it was so.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub what: String,
    pub passed: bool,
    /// When it was seen, from the fault or from the mending, where it has a time.
    pub seconds: Option<f64>,
    pub limit_seconds: Option<f64>,
    /// What was found, where that says more.
    pub found: Option<String>,
}

impl Finding {
    /// Something that must come true in time.
    fn timed(what: String, seen: Option<Duration>, limit: Duration) -> Self {
        Self {
            what,
            passed: seen.is_some_and(|seen| seen <= limit),
            seconds: seen.map(|seen| seen.as_secs_f64()),
            limit_seconds: Some(limit.as_secs_f64()),
            found: seen.is_none().then(|| "never".to_owned()),
        }
    }

    /// Something that must be so; `complaint` is what is wrong, if anything is.
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

/// Everything that the scenario expects, and whether the recording shows it.
pub fn judge(scenario: &Scenario, recording: &Recording, heartbeat_timeout: Duration) -> Vec<Finding> {
    let mut findings: Vec<_> = recording
        .trouble
        .iter()
        .map(|trouble| Finding::plain("the proof itself works", Some(trouble.clone())))
        .collect();
    for expected in scenario.expected {
        for phase in [Phase::Broken, Phase::Mended] {
            for milestone in expected.course.milestones(phase) {
                findings.push(Finding::timed(
                    format!("{} is {milestone}", expected.alert),
                    milestone.seen(&expected.alert, recording),
                    expected.limit(phase, heartbeat_timeout),
                ));
            }
        }
    }
    findings.push(Finding::plain("no other alert fires", strangers(scenario, recording)));
    if scenario.annotation.is_some() {
        let complaint = complaint_of(recording.annotated.as_ref());
        findings.push(Finding::plain("the dashboards show the fault", complaint));
    }
    if scenario.holds_warnings_back.is_some() {
        let complaint = complaint_of(recording.held_back.as_ref());
        findings.push(Finding::plain(
            "a page holds warnings of the same service back",
            complaint,
        ));
    }
    findings.push(steady_again(recording));
    findings.extend(counter(recording));
    findings
}

/// What is wrong with something that was looked at once; that it was not, too.
fn complaint_of<T>(result: Option<&Result<T, String>>) -> Option<String> {
    result.map_or_else(
        || Some("it was not looked at".to_owned()),
        |result| result.as_ref().err().cloned(),
    )
}

/// What fired, or reached the pager, though nobody expected it.
fn strangers(scenario: &Scenario, recording: &Recording) -> Option<String> {
    let mut known: BTreeSet<Alert> = scenario
        .expected
        .iter()
        .map(|expected| expected.alert.clone())
        .collect();
    known.insert(WATCHDOG);
    known.extend(scenario.holds_warnings_back.map(|(_, told)| held_back::warning(told)));
    let fired = recording
        .snapshots()
        .filter_map(|snapshot| snapshot.prometheus.as_ref())
        .flat_map(|prometheus| &prometheus.firing);
    let told = recording
        .snapshots()
        .filter_map(|snapshot| snapshot.pager.as_ref())
        .flat_map(|pager| pager.told.iter().chain(&pager.firing));
    let strangers: BTreeSet<_> = fired.chain(told).filter(|alert| !known.contains(*alert)).collect();
    let names: Vec<_> = strangers.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn steady_again(recording: &Recording) -> Finding {
    let complaint = complaint_of(recording.steady_again.as_ref());
    let after = recording.steady_again.as_ref().and_then(|again| again.as_ref().ok());
    Finding {
        seconds: after.map(Duration::as_secs_f64),
        ..Finding::plain("the steady state is back", complaint)
    }
}

fn counter(recording: &Recording) -> [Finding; 4] {
    let tally = Tally::of(&recording.calls);
    let listed = |numbers: &[i64]| (!numbers.is_empty()).then(|| format!("{numbers:?}"));
    let silent = (!tally.silent.is_empty()).then(|| format!("none from {:?}", tally.silent));
    // A machine that halts for a moment is not the service's failure: one call in a hundred is let off.
    let late = tally.refused_late * 100 > recording.calls.len();
    [
        Finding::plain("both instances count", silent),
        Finding::plain("no number came twice", listed(&tally.doubled)),
        Finding::plain("no number was lost", listed(&tally.lost)),
        Finding::plain(
            format!("where there is no number, that is said within {REFUSED_WITHIN:?}"),
            late.then(|| {
                let (late, slowest) = (tally.refused_late, tally.slowest_refusal_seconds);
                format!("{late} refusals took longer, the slowest {slowest:.1} s")
            }),
        ),
    ]
}

#[cfg(test)]
mod tests;
