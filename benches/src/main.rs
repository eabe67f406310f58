//! The benchmark: `make bench` builds what it needs, and runs it.
//!
//! Exit codes: 0 when all parts were measured, whether their targets are met or not; 1 when a part failed; 2 for invalid
//! arguments.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Parser;
use observer_benches::{
    part::{Part, Tools},
    report::Report,
};

/// Measures the metrics layer, the counter and the service beside their peers, and compares the figures with their targets.
#[derive(Debug, Parser)]
struct Arguments {
    /// The parts to measure, in this order; all of them by default
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,

    /// The folder for results.txt, results.json, and results.md, the table of docs/performance.md
    #[arg(long, value_name = "FOLDER", default_value = ".observer/bench")]
    results: PathBuf,

    #[command(flatten)]
    tools: Tools,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let mut failed = Vec::new();
    for part in Part::selected(&arguments.parts) {
        eprintln!("{part}");
        match part.measure(&arguments.tools) {
            Ok(measurements) => report.extend(measurements),
            Err(error) => {
                eprintln!("error: {part}: {error:#}");
                failed.push(part.to_string());
            }
        }
    }

    let folder = &arguments.results;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for (name, text) in [
        ("results.txt", report.text()),
        ("results.json", report.json()?),
        ("results.md", report.markdown()),
    ] {
        let file = folder.join(name);
        fs::write(&file, text).with_context(|| file.display().to_string())?;
    }
    print!("\n{}", report.text());
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("error: failed, and not in the table: {}", failed.join(", "));
    Ok(ExitCode::FAILURE)
}
