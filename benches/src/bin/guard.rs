//! Fails where the metrics layer adds more allocations or instructions to a request than its limits allow. These are the
//! same on every machine, so that CI can run it.

use std::process::ExitCode;

use clap::Parser;
use observer_benches::{
    candidates::Candidate,
    part::cost::{Cost, GUARDED, Limit},
};

#[derive(Parser)]
struct Arguments {
    /// Holds this candidate to the limits of the outermost layer, to see the guard fail
    candidate: Option<Candidate>,
}

fn main() -> anyhow::Result<ExitCode> {
    let Arguments { candidate } = Arguments::parse();
    let limits = match candidate {
        Some(candidate) => vec![Limit {
            candidate,
            ..GUARDED[0]
        }],
        None => GUARDED.to_vec(),
    };
    let bare = Cost::of(Candidate::Bare)?;
    let mut exceeded = false;
    for limit in limits {
        let added = Cost::of(limit.candidate)?.less(bare);
        for figure in limit.measurements(added) {
            let value = figure.spread().median;
            let Some(target) = figure.target else { continue };
            let verdict = if target.is_met_by(value) { "kept" } else { "exceeded" };
            println!("{}: {value:.1}, {target}: {verdict}", figure.name);
            exceeded |= !target.is_met_by(value);
        }
    }
    Ok(if exceeded { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
