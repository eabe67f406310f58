//! Allocations and instructions that measuring adds to a request: the same on every machine.
//!
//! The allocations are counted in a process of their own (`bin/counted.rs`), the instructions by valgrind's callgrind,
//! between two marks that the process sets around its requests.

use std::{fs, process::Command, time::Duration};

use anyhow::Context;

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

/// What the layers aim at.
pub const TARGETS: [Limit; 2] = [
    Limit {
        candidate: Candidate::Outermost,
        allocations: 0.0,
        instructions: Some(400.0),
    },
    Limit {
        candidate: Candidate::DropIn,
        allocations: 2.0,
        instructions: None,
    },
];

/// What CI allows: what the layers add today, with room for what the next compiler makes of it.
pub const GUARDED: [Limit; 2] = [
    Limit {
        candidate: Candidate::Outermost,
        allocations: 0.0,
        instructions: Some(700.0),
    },
    Limit {
        candidate: Candidate::DropIn,
        allocations: 3.0,
        instructions: Some(2_250.0),
    },
];

/// What a request takes, or adds.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    allocations: f64,
    instructions: f64,
}

impl Cost {
    /// Counts what a request takes.
    pub fn of(candidate: Candidate) -> anyhow::Result<Self> {
        let mut counted = Command::new(sibling("counted")?);
        counted.arg(candidate.to_string());
        let allocations = run(&mut counted, TIMEOUT)?;
        let allocations: u64 = allocations.trim().parse().with_context(|| allocations)?;
        let instructions = instructions(&counted)?;
        Ok(Self {
            allocations: allocations as f64 / REQUESTS as f64,
            instructions: instructions as f64 / REQUESTS as f64,
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
        figures.extend(match TARGETS.iter().find(|limit| limit.candidate == candidate) {
            Some(limit) => limit.measurements(added),
            None => measurements(candidate, added),
        });
    }
    Ok(figures)
}

/// Counts the instructions of a process between its two marks: what it does before depends on the machine, such as to
/// calibrate a clock.
fn instructions(command: &Command) -> anyhow::Result<u64> {
    let folder = tempfile::tempdir()?;
    let counts = folder.path().join("counts");
    let file = format!("--callgrind-out-file={}", counts.display());
    let mut callgrind = wrapped(
        &["valgrind", "--tool=callgrind", "--dump-before=getppid", &file],
        command,
    );
    let output = run(&mut callgrind, TIMEOUT)
        .context("valgrind counts the instructions; on Debian: apt-get install valgrind")?;
    // The first file is of what comes before the first mark, the last one has no number.
    let counts = fs::read_to_string(counts.with_extension("2")).context(output)?;
    total(&counts).context("callgrind has written no totals")
}

/// Returns the total of a file of callgrind's.
pub fn total(counts: &str) -> Option<u64> {
    let total = counts.lines().find_map(|line| line.strip_prefix("totals: "))?;
    total.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn total_is_read_from_a_file_of_counts() {
        assert_eq!(total("summary: 5\n\ntotals: 3141592\n"), Some(3_141_592));
        assert_eq!(total("summary: 5\n"), None);
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
        let [outermost, drop_in] = TARGETS;
        assert_eq!(met(outermost), [Some(false), Some(false)]);
        assert_eq!(met(drop_in), [Some(true), None]);
    }
}
