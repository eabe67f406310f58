//! CPU of a request while more and more connections are open.

mod idle;

use anyhow::Context;
use idle::Idle;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{ACTIVE, cost::Cost};
use crate::{
    load::{Load, Wrk},
    measurement::{Measurement, Target},
    rounds::{in_turns, ratios},
    server::Server,
};

/// Open connections, of which at most [`ACTIVE`] are busy.
const OPEN: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// Files that a process opens besides its connections.
const OTHER_FILES: u64 = 100;

const ROUNDS: usize = 3;
const SECONDS: u64 = 3;

/// Lets this process, and the servers that it starts, open as many files as it may. Returns how many.
pub fn raise_open_file_limit() -> anyhow::Result<u64> {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let current = maximum.map_or(65_536, |maximum| maximum.min(65_536));
    let limit = Rlimit {
        current: Some(current),
        maximum,
    };
    setrlimit(Resource::Nofile, limit).with_context(|| format!("ulimit -n {current}"))?;
    Ok(current)
}

pub fn measure(wrk: &Wrk<'_>, servers: &[Server; 2], limit: u64) -> anyhow::Result<Vec<Measurement>> {
    eprintln!("  CPU of a request by the number of open connections");
    let (points, too_many): (Vec<_>, Vec<_>) = OPEN.iter().partition(|open| **open as u64 + OTHER_FILES <= limit);
    for open in too_many {
        eprintln!("  left out: {open} open connections: the limit of open files is {limit}");
    }
    let mut candidates: Vec<_> = points
        .iter()
        .flat_map(|open: &usize| servers.each_ref().map(|server| (*open, server)))
        .collect();
    let costs = in_turns(ROUNDS, &mut candidates, |(open, server)| {
        let active = (*open).min(ACTIVE);
        let idle = Idle::open(server.address(), *open - active)?;
        let cost = Cost::of(wrk, server, Load::echo(active, SECONDS))?;
        idle.close()?;
        Ok(cost.cpu())
    })?;

    let name = |open: usize, what: &str| format!("CPU of a request, open connections: {open}, {what}");
    let mut figures = Vec::new();
    for (open, costs) in points.iter().zip(costs.chunks(2)) {
        let active = format!("active: {}", (*open).min(ACTIVE));
        figures.push(Measurement::new(name(*open, &active), "us", costs[0].clone()));
        figures.push(Measurement::new(
            name(*open, "to bare axum's"),
            "times",
            ratios(&costs[0], &costs[1]),
        ));
    }
    if let [one, ten, hundred, _, most] = costs.chunks(2).map(|costs| &costs[0]).collect::<Vec<_>>()[..] {
        let most_to = |fewer: &str, costs| Measurement::new(name(10_000, fewer), "times", ratios(most, costs));
        figures.push(most_to("to 1", one));
        // These two have the same number of active connections.
        figures.push(most_to("to 100", hundred));
        figures.push(most_to("to 10", ten).target(Target::AtMost(1.2)));
    }
    Ok(figures)
}
