//! What measuring adds to a request that does not depend on the machine's speed: allocations and instructions.
//!
//!     cost
//!     cost guard [INSTRUCTIONS]
//!
//! The instructions are counted by valgrind's callgrind, which runs this program again. `guard` fails where the layer costs
//! more than it did, or than is said: so a change that makes each request dearer is seen, even if nobody meant it.

use std::{
    env,
    process::{Command, ExitCode},
};

use anyhow::{Context, bail};
use axum::{extract::Request, response::Response};
use observer_benches::{
    Bound, Measurement,
    candidates::{answer, bare, by_axum_prometheus, by_labels, measured, requests},
};
use prometheus::Registry;
use tower::Service;

/// The routes of the application: about as many as a small service has.
const ROUTES: usize = 10;

/// Requests that are counted.
const REQUESTS: usize = 2_000;

/// What the layer may add before `guard` fails: what it adds now, and some room for what a compiler's next version makes
/// of it.
const GUARDED_INSTRUCTIONS: f64 = 330.0;

const CANDIDATES: [&str; 4] = ["bare", "layer", "from_fn", "axum-prometheus"];

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => {
            compare()?;
            Ok(ExitCode::SUCCESS)
        }
        ["guard"] => guard(GUARDED_INSTRUCTIONS),
        ["guard", most] => guard(
            most.parse()
                .with_context(|| format!("INSTRUCTIONS: found '{most}', expected a number"))?,
        ),
        // What callgrind runs.
        ["run", candidate] => {
            run(candidate, |requests| requests())?;
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!(
            "expected nothing, 'guard', 'guard' and a number, or 'run' and one of {CANDIDATES:?}; found {arguments:?}"
        ),
    }
}

fn compare() -> anyhow::Result<()> {
    let [bare_allocations, bare_instructions] = figures("bare")?;
    Measurement::new("bare Router: allocations a request", "", vec![bare_allocations]).tell();
    Measurement::new("bare Router: instructions a request", "", vec![bare_instructions]).tell();
    for candidate in &CANDIDATES[1..] {
        let [allocations, instructions] = figures(candidate)?;
        let mut allocations = Measurement::new(
            &format!("{candidate}: allocations added"),
            "",
            vec![allocations - bare_allocations],
        );
        let mut instructions = Measurement::new(
            &format!("{candidate}: instructions added"),
            "",
            vec![instructions - bare_instructions],
        );
        if *candidate == "layer" {
            allocations = allocations.aim(Bound::AtMost(0.0));
            instructions = instructions.aim(Bound::AtMost(250.0));
        }
        allocations.tell();
        instructions.tell();
    }
    Ok(())
}

fn guard(most: f64) -> anyhow::Result<ExitCode> {
    let [bare_allocations, bare_instructions] = figures("bare")?;
    let [allocations, instructions] = figures("layer")?;
    let allocations = allocations - bare_allocations;
    let instructions = instructions - bare_instructions;
    println!("the layer adds {allocations} allocations to a request, 0 are let through");
    println!("the layer adds {instructions:.0} instructions to a request, at most {most} are let through");
    let holds = allocations <= 0.0 && instructions <= most;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The allocations and the instructions of a request.
fn figures(candidate: &str) -> anyhow::Result<[f64; 2]> {
    eprintln!("  {candidate}");
    let mut allocations = 0;
    run(candidate, |requests| {
        allocations = allocation_counter::measure(requests).count_total;
    })?;
    Ok([allocations, instructions(candidate)?].map(|all| all as f64 / REQUESTS as f64))
}

/// The instructions of all counted requests.
fn instructions(candidate: &str) -> anyhow::Result<u64> {
    let program = env::current_exe()?;
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--toggle-collect=*cost::counted*",
            "--callgrind-out-file=/dev/null",
        ])
        .arg(program)
        .args(["run", candidate])
        .output()
        .context("valgrind: it counts the instructions, and cannot be started; on Debian: apt-get install valgrind")?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("valgrind failed ({}): {text}", output.status);
    }
    let collected = text
        .lines()
        .find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    match collected {
        Some(instructions) if instructions > 0 => Ok(instructions),
        _ => bail!("valgrind did not say how many instructions it collected: {text}"),
    }
}

/// Sets a candidate up and hands `count` what runs its requests.
fn run(candidate: &str, count: impl FnOnce(&mut dyn FnMut())) -> anyhow::Result<()> {
    let registry = Registry::new();
    match candidate {
        "bare" => many(bare(ROUTES), count),
        "layer" => many(measured(&registry, ROUTES), count),
        "from_fn" => many(by_labels(ROUTES), count),
        "axum-prometheus" => many(by_axum_prometheus(ROUTES), count),
        other => bail!("candidate: found '{other}', expected one of {CANDIDATES:?}"),
    }
    Ok(())
}

fn many<S, B>(mut application: S, count: impl FnOnce(&mut dyn FnMut()))
where
    S: Service<Request, Response = Response<B>, Error: std::fmt::Debug>,
    B: http_body::Body,
{
    // What happens only once is no request's cost.
    for request in requests(0, ROUTES, ROUTES) {
        answer(&mut application, request);
    }
    let mut requests = Some(requests(0, REQUESTS, ROUTES));
    count(&mut || counted(&mut application, requests.take().expect("they are counted once")));
}

/// Callgrind finds it by its name.
#[inline(never)]
fn counted<S, B>(application: &mut S, requests: Vec<Request>)
where
    S: Service<Request, Response = Response<B>, Error: std::fmt::Debug>,
    B: http_body::Body,
{
    for request in requests {
        answer(application, request);
    }
}
