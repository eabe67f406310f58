//! The time of a clean release build of the service.
//!
//! No target: how long it takes depends on the machine.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use crate::{command::run, measurement::Measurement, usage::children_cpu};

/// The root of the workspace.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const TIMEOUT: Duration = Duration::from_mins(30);

pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    let cargo = || {
        let mut cargo = Command::new("cargo");
        cargo.current_dir(ROOT);
        cargo
    };
    eprintln!("  fetching the crates");
    run(cargo().args(["fetch", "--locked"]), TIMEOUT)?;

    eprintln!("  a clean release build");
    // On a disk: where /tmp is in memory, files cost nothing there.
    let target = tempfile::tempdir_in("/var/tmp")?;
    let before = children_cpu()?;
    let started = Instant::now();
    let build = [
        "build",
        "--release",
        "--locked",
        "--offline",
        "--package",
        "observer",
        "--target-dir",
    ];
    run(cargo().args(build).arg(target.path()), TIMEOUT)?;
    let passed = started.elapsed();
    let cpu = children_cpu()?.since(before);
    let figure = |name, time: Duration| Measurement::new(name, "s", vec![time.as_secs_f64()]).headline();
    Ok(vec![
        figure("a clean release build", passed),
        figure("a clean release build, user CPU", cpu.user),
        figure("a clean release build, user and system CPU", cpu.total()),
    ])
}
