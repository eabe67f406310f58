//! The report, as Markdown and JSON.

use std::{
    fmt::{self, Write as _},
    fs,
    path::Path,
    time::Duration,
};

use anyhow::Context;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    counter::CounterSummary,
    judge::{Finding, judge},
    milestone::Milestone,
    scenario::Scenario,
    snapshot::{Phase, Recording},
};

/// The results of all scenarios.
#[derive(Debug, Serialize)]
pub struct Report {
    pub began_at: Timestamp,
    pub runtime: &'static str,
    pub passed: bool,
    pub outcomes: Vec<Outcome>,
}

/// The result of a scenario.
#[derive(Debug, Serialize)]
pub struct Outcome {
    pub scenario: &'static str,
    pub what: &'static str,
    pub began_at: Timestamp,
    pub took_seconds: f64,
    pub passed: bool,
    pub alerts: Vec<Times>,
    pub counter: CounterSummary,
    pub findings: Vec<Finding>,
}

/// When an expected alert reached each milestone, in seconds: since the fault, or since the restore for those that end it.
#[derive(Debug, Serialize)]
pub struct Times {
    pub alert: String,
    pub seconds: Vec<(Milestone, Option<f64>)>,
}

impl Outcome {
    pub fn of(
        scenario: &'static Scenario,
        began_at: Timestamp,
        took: Duration,
        recording: &Recording,
        heartbeat_timeout: Duration,
    ) -> Self {
        let findings = judge(scenario, recording, heartbeat_timeout);
        let alerts = scenario.expected.iter().map(|expected| {
            let phases = [Phase::Fault, Phase::Recovery].map(|phase| expected.course.milestones(phase));
            let seconds = phases.into_iter().flatten().map(|milestone| {
                let seen = milestone.seen(&expected.alert, recording);
                (*milestone, seen.map(|seen| seen.as_secs_f64()))
            });
            Times {
                alert: expected.alert.to_string(),
                seconds: seconds.collect(),
            }
        });
        Self {
            scenario: scenario.name,
            what: scenario.what,
            began_at,
            took_seconds: took.as_secs_f64(),
            passed: findings.iter().all(|finding| finding.passed),
            alerts: alerts.collect(),
            counter: CounterSummary::of(&recording.calls),
            findings,
        }
    }
}

impl Report {
    /// Writes `report.md` and `report.json` into this folder.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let files = [
            ("report.md", self.to_string()),
            ("report.json", serde_json::to_string_pretty(self)?),
        ];
        for (name, text) in files {
            let file = folder.join(name);
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }

    /// Returns the table of all alerts and their times.
    pub fn table(&self) -> String {
        const COLUMNS: [Milestone; 6] = [
            Milestone::Pending,
            Milestone::Firing,
            Milestone::Drawn,
            Milestone::Delivered,
            Milestone::Resolved,
            Milestone::Cleared,
        ];
        let mut table = String::from("| scenario | verdict | alert |");
        for column in COLUMNS {
            let _ = write!(table, " {column} |");
        }
        table.push_str("\n|---|---|---|---|---|---|---|---|---|\n");
        for outcome in &self.outcomes {
            if outcome.alerts.is_empty() {
                let _ = writeln!(
                    table,
                    "| {} | {} | none |{}",
                    outcome.scenario,
                    verdict(outcome.passed),
                    " |".repeat(COLUMNS.len())
                );
            }
            for times in &outcome.alerts {
                let _ = write!(
                    table,
                    "| {} | {} | {} |",
                    outcome.scenario,
                    verdict(outcome.passed),
                    times.alert
                );
                for column in COLUMNS {
                    let expected = times.seconds.iter().find(|(milestone, _)| *milestone == column);
                    let _ = match expected {
                        None => write!(table, " |"),
                        Some((_, None)) => write!(table, " never |"),
                        Some((_, Some(seconds))) => write!(table, " {seconds:.0} s |"),
                    };
                }
                table.push('\n');
            }
        }
        table
    }
}

/// The word for a result.
pub const fn verdict(passed: bool) -> &'static str {
    if passed { "passed" } else { "FAILED" }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "# The chaos proof\n")?;
        writeln!(
            out,
            "{} on the runtime {}, {}.\n",
            verdict(self.passed),
            self.runtime,
            self.began_at
        )?;
        writeln!(
            out,
            "Times are since the fault; those of `resolved` and `cleared` since the restore.\n"
        )?;
        out.write_str(&self.table())?;
        self.outcomes.iter().try_for_each(|outcome| write!(out, "\n{outcome}"))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "## {}: {}\n", self.scenario, verdict(self.passed))?;
        writeln!(
            out,
            "Fault: {}. The scenario took {:.0} s.\n",
            self.what, self.took_seconds
        )?;
        for finding in &self.findings {
            writeln!(out, "- {finding}")?;
        }
        let CounterSummary {
            numbers,
            refused,
            unanswered,
            slowest_refusal_seconds,
            ..
        } = &self.counter;
        writeln!(
            out,
            "\nThe counter returned {numbers} numbers, refused {refused} calls (the slowest in {slowest_refusal_seconds:.2} s) \
             and did not answer {unanswered}."
        )
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.passed { "ok" } else { "FAILED" };
        write!(out, "{mark}: {}", self.what)?;
        if let Some(seconds) = self.seconds {
            write!(out, ", after {seconds:.1} s")?;
        }
        if let Some(limit) = self.limit_seconds {
            write!(out, " (at most {limit:.0} s)")?;
        }
        self.found.iter().try_for_each(|found| write!(out, ": {found}"))
    }
}
