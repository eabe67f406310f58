//! The chaos proof: injects faults into the running stack, and follows each alert to the pager and back.
//!
//! `make chaos` runs it, and sets the variables with the URLs of the stack. `docs/chaos.md` says what it proves.
//!
//! | module | contents |
//! |---|---|
//! | [`scenario`], [`runtime`] | the table of faults and expected alerts, and which runtime has which |
//! | [`fault`], [`configuration`], [`cluster`] | injects a fault and restores the stack |
//! | [`load`], [`counter`], [`served`] | the load, its view of the counter, and a load inside the cluster |
//! | [`steady`], [`snapshot`], [`annotations`], [`inhibition`] | the state of the stack |
//! | [`run`] | runs a scenario and records it |
//! | [`milestone`], [`judge`] | compares the recording with the expectations |
//! | [`report`] | the results, as text, Markdown and JSON |
//!
//! Exit codes: 0 if every expectation was met, 1 if not, 2 for invalid arguments, 130 if it was interrupted.

mod alert;
mod annotations;
mod cluster;
mod command;
mod configuration;
mod counter;
mod fault;
mod inhibition;
mod judge;
mod load;
mod milestone;
mod report;
mod retry;
mod run;
mod runtime;
mod scenario;
mod served;
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
use clap::{CommandFactory, Parser, error::ErrorKind};

use report::{Outcome, Report, verdict};
use run::Stage;
use runtime::Runtime;
use scenario::Scenario;
use snapshot::Recording;
use stack::now;
use stop::Stop;

/// Injects faults into the running stack, and follows the alerts to the pager and back
#[derive(Debug, Parser)]
struct Arguments {
    /// The scenarios to run, in this order [default: all that the runtime supports]
    #[arg(value_delimiter = ',', value_name = "SCENARIO")]
    scenarios: Vec<String>,

    /// The runtime of the stack
    #[arg(long)]
    runtime: Runtime,

    /// The folder for the report
    #[arg(long, value_name = "FOLDER")]
    reports: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let scenarios = arguments
        .runtime
        .choose(&arguments.scenarios)
        .unwrap_or_else(|refusal| {
            Arguments::command().error(ErrorKind::InvalidValue, refusal).exit();
        });
    match prove(&arguments, &scenarios).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn prove(arguments: &Arguments, scenarios: &[&'static Scenario]) -> anyhow::Result<ExitCode> {
    let _lock = lock(&arguments.reports)?;
    let stop = Stop::on_signals()?;
    let stage = Stage::set(stop.clone())
        .await
        .context("is the stack running? see make status")?;
    fault::restore_leftovers(arguments.runtime).await?;
    let mut report = Report {
        began_at: now(),
        runtime: arguments.runtime.name(),
        passed: true,
        outcomes: Vec::new(),
    };
    for (number, scenario) in scenarios.iter().enumerate() {
        println!("{} ({} of {})", scenario.name, number + 1, scenarios.len());
        let outcome = play(&stage, scenario).await;
        let interrupted = stop.is_requested();
        for finding in outcome
            .findings
            .iter()
            .filter(|finding| !finding.passed && !interrupted)
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
        if interrupted {
            println!(
                "Interrupted. The report: {}",
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

/// Runs a scenario and judges it. Restores the stack even if the proof panics.
async fn play(stage: &Stage, scenario: &'static Scenario) -> Outcome {
    let (began_at, began) = (now(), Instant::now());
    let recording = match tokio::spawn(stage.clone().run(scenario)).await {
        Ok(recording) => recording,
        Err(panic) => {
            let restored = scenario.fault.restore(&stage.stack).await;
            let mut recording = Recording::default();
            recording.errors.push(panic.to_string());
            recording.errors.extend(
                restored
                    .err()
                    .map(|error| format!("cannot restore the stack: {error:#}")),
            );
            recording
        }
    };
    Outcome::of(scenario, began_at, began.elapsed(), &recording, stage.heartbeat_timeout)
}

/// Creates the folder and locks it: two proofs at a time would see each other's faults.
fn lock(folder: &Path) -> anyhow::Result<File> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let lock = File::create(folder.join("lock"))?;
    if lock.try_lock().is_err() {
        bail!("another `make chaos` is running on this stack");
    }
    Ok(lock)
}
