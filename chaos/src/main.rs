//! The chaos proof: breaks the running stack on purpose, and follows what it says of that, to the pager and back.
//!
//! `make chaos` runs it, and sets the variables that say where the stack is. `docs/chaos.md` says what it proves.
//!
//! | module | what is in it |
//! |---|---|
//! | [`scenario`] | the table: what is broken, and which alerts are expected |
//! | [`fault`] | breaks and mends |
//! | [`load`], [`counter`] | the load of the proof, and what it learns of the counter |
//! | [`steady`], [`snapshot`], [`annotations`], [`held_back`] | what the stack says |
//! | [`run`] | a scenario from one steady state to the next; makes a recording |
//! | [`milestone`], [`judge`] | the recording against what was expected |
//! | [`report`] | what came of it |
//!
//! Exit codes: 0 if all was as expected, 1 if anything was not, 2 for arguments that do not hold, 130 if it was ended early.

mod alert;
mod annotations;
mod counter;
mod fault;
mod held_back;
mod judge;
mod load;
mod milestone;
mod report;
mod run;
mod scenario;
mod snapshot;
mod stack;
mod steady;
mod stop;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, bail};
use clap::Parser;

use report::{Outcome, Report, verdict};
use run::Stage;
use scenario::{SCENARIOS, Scenario};
use snapshot::Recording;
use stack::now;
use stop::Stop;

/// Breaks the running stack on purpose, and follows the alerts to the pager and back.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which scenarios, in this order; without it all
    #[arg(value_delimiter = ',', value_parser = scenario::by_name, value_name = "SCENARIO")]
    scenarios: Vec<&'static Scenario>,

    /// Which runtime the stack runs on, for the report
    #[arg(long)]
    runtime: String,

    /// The folder for the report
    #[arg(long, value_name = "FOLDER")]
    reports: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match prove(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn prove(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let _lock = lock(&arguments.reports)?;
    let stop = Stop::on_signals()?;
    let stage = Stage::set(stop.clone()).await.context("make status says what runs")?;
    let scenarios = match arguments.scenarios.as_slice() {
        [] => SCENARIOS.iter().collect(),
        chosen => chosen.to_vec(),
    };
    let mut report = Report {
        began_at: now(),
        runtime: arguments.runtime,
        passed: true,
        outcomes: Vec::new(),
    };
    for (number, scenario) in scenarios.iter().enumerate() {
        println!("{} ({} of {})", scenario.name, number + 1, scenarios.len());
        let outcome = play(&stage, scenario).await;
        let ended_early = stop.is_wished();
        for finding in outcome
            .findings
            .iter()
            .filter(|finding| !finding.passed && !ended_early)
        {
            println!("          {finding}");
        }
        println!(
            "          {} after {:.0} s\n",
            verdict(outcome.passed),
            outcome.took_seconds
        );
        report.passed &= outcome.passed;
        report.outcomes.push(outcome);
        report.write(&arguments.reports)?;
        if ended_early {
            println!(
                "Ended early. The report: {}",
                arguments.reports.join("report.md").display()
            );
            return Ok(ExitCode::from(130));
        }
    }
    print!("{}", report.table());
    println!(
        "\n{}. The report: {}",
        verdict(report.passed),
        arguments.reports.join("report.md").display()
    );
    Ok(if report.passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs a scenario and judges it. What it breaks is mended, even if the proof itself panics.
async fn play(stage: &Stage, scenario: &'static Scenario) -> Outcome {
    let (began_at, began) = (now(), Instant::now());
    let recording = match tokio::spawn(stage.clone().run(scenario)).await {
        Ok(recording) => recording,
        Err(panic) => {
            let mended = scenario.fault.mend(&stage.stack).await;
            let mut recording = Recording::default();
            recording.trouble.push(panic.to_string());
            recording
                .trouble
                .extend(mended.err().map(|error| format!("cannot mend it: {error:#}")));
            recording
        }
    };
    Outcome::of(scenario, began_at, began.elapsed(), &recording, stage.heartbeat_timeout)
}

/// One proof at a time: two would see each other's faults. Makes the folder, too.
fn lock(folder: &Path) -> anyhow::Result<File> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let lock = File::create(folder.join("lock"))?;
    if lock.try_lock().is_err() {
        bail!("another make chaos runs on this stack");
    }
    Ok(lock)
}
