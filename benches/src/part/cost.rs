//! Allocations and instructions that measuring adds to a request: the same on every machine.
//!
//! The allocations are counted in a process of their own (`bin/counted.rs`), the instructions by valgrind's callgrind,
//! which runs that process twice: once it answers its requests, once it only prepares them. The difference is what
//! answering takes.

use std::{process::Command, time::Duration};

use anyhow::{Context, ensure};

use crate::{
    candidates::Candidate,
    command::{run, sibling, wrapped},
    measurement::{Measurement, Target},
};

/// Requests that are counted.
pub const REQUESTS: usize = 2_000;

const TIMEOUT: Duration = Duration::from_mins(2);

/// What a candidate may add to a request.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub candidate: Candidate,
    pub allocations: f64,
    pub instructions: Option<f64>,
}

pub const OUTERMOST: Limit = Limit {
    candidate: Candidate::Outermost,
    allocations: 0.0,
    instructions: Some(400.0),
};

pub const DROP_IN: Limit = Limit {
    candidate: Candidate::DropIn,
    allocations: 2.0,
    instructions: None,
};

pub const LIMITS: [Limit; 2] = [OUTERMOST, DROP_IN];

/// What a request takes, or adds.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    allocations: f64,
    instructions: f64,
}

impl Cost {
    /// Counts what a request takes.
    pub fn of(candidate: Candidate) -> anyhow::Result<Self> {
        let answering = Command::new(sibling("counted")?);
        let mut answering = answering;
        answering.arg(candidate.to_string());
        let mut preparing = Command::new(answering.get_program());
        preparing.arg(candidate.to_string()).arg("--prepare-only");

        let allocations = run(&mut answering, TIMEOUT)?;
        let allocations: u64 = allocations.trim().parse().with_context(|| allocations)?;
        let [answered, prepared] = [instructions(&answering)?, instructions(&preparing)?];
        ensure!(
            answered > prepared,
            "callgrind counted {answered} and {prepared} instructions"
        );
        Ok(Self {
            allocations: allocations as f64 / REQUESTS as f64,
            instructions: (answered - prepared) as f64 / REQUESTS as f64,
        })
    }

    /// Returns what this adds to another one.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self {
            allocations: self.allocations - other.allocations,
            instructions: self.instructions - other.instructions,
        }
    }
}

impl Limit {
    /// Returns what the candidate adds as figures with these limits as targets.
    pub fn measurements(self, added: Cost) -> [Measurement; 2] {
        let [allocations, instructions] = measurements(self.candidate, added);
        [
            allocations.target(Target::AtMost(self.allocations)),
            match self.instructions {
                Some(limit) => instructions.target(Target::AtMost(limit)),
                None => instructions,
            },
        ]
    }
}

fn measurements(candidate: Candidate, added: Cost) -> [Measurement; 2] {
    let figure = |what, value| Measurement::new(format!("{candidate}: {what} added to a request"), "", vec![value]);
    [
        figure("allocations", added.allocations).headline(),
        figure("instructions", added.instructions).headline(),
    ]
}

/// Measures all candidates.
pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    let bare = Cost::of(Candidate::Bare)?;
    let mut figures = vec![
        Measurement::new("bare router: allocations of a request", "", vec![bare.allocations]),
        Measurement::new("bare router: instructions of a request", "", vec![bare.instructions]),
    ];
    for candidate in Candidate::MEASURING {
        eprintln!("  allocations and instructions of {candidate}");
        let added = Cost::of(candidate)?.less(bare);
        figures.extend(match LIMITS.iter().find(|limit| limit.candidate == candidate) {
            Some(limit) => limit.measurements(added),
            None => measurements(candidate, added),
        });
    }
    Ok(figures)
}

/// Counts the instructions of a process.
fn instructions(command: &Command) -> anyhow::Result<u64> {
    let mut callgrind = wrapped(
        &["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"],
        command,
    );
    let output = run(&mut callgrind, TIMEOUT)
        .context("valgrind counts the instructions; on Debian: apt-get install valgrind")?;
    collected(&output).with_context(|| format!("valgrind did not say how many instructions it collected: {output}"))
}

fn collected(output: &str) -> Option<u64> {
    let line = output.lines().find_map(|line| line.split_once("Collected : "));
    line?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_read_from_valgrind() {
        let output = "==7== Events    : Ir\n==7== Collected : 3141592\n==7== \n==7== I   refs:      3,141,592\n";
        assert_eq!(collected(output), Some(3_141_592));
        assert_eq!(collected("valgrind: failed to start tool\n"), None);
    }

    #[test]
    fn limits_become_targets() {
        let added = Cost {
            allocations: 1.0,
            instructions: 401.0,
        };
        let met = |limit: Limit| {
            limit
                .measurements(added)
                .map(|of| of.target.map(|target| target.is_met_by(of.rounds[0])))
        };
        assert_eq!(met(OUTERMOST), [Some(false), Some(false)]);
        assert_eq!(met(DROP_IN), [Some(true), None]);
    }
}
