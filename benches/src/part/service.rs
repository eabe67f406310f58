//! CPU time of a request to /echo beside a bare axum server's. The time that passes is mostly the kernel's and the load's.

mod cost;
mod growth;
mod instructions;

use cost::Cost;

use crate::{
    load::{Load, Wrk},
    measurement::{Measurement, Target},
    rounds::{in_turns, ratios},
    server::{Server, bare, observer},
};

/// Connections that send requests all the time.
const ACTIVE: usize = 32;

const ROUNDS: usize = 7;
const SECONDS: u64 = 4;

pub fn measure(wrk: &Wrk<'_>, database_url: &str) -> anyhow::Result<Vec<Measurement>> {
    let limit = growth::raise_open_file_limit()?;
    let mut observer = observer(database_url)?;
    // No connection is closed to make room, or because it is idle.
    observer
        .env("OBSERVER_MAX_CONNECTIONS", "20000")
        .env("OBSERVER_IDLE_TIMEOUT", "10m");
    let mut figures = instructions::measure(wrk, &observer, &bare()?)?;
    let servers = [Server::start(&mut observer)?, Server::start(&mut bare()?)?];
    figures.extend(cpu(wrk, &servers)?);
    figures.extend(growth::measure(wrk, &servers, limit)?);
    Ok(figures)
}

fn cpu(wrk: &Wrk<'_>, servers: &[Server; 2]) -> anyhow::Result<Vec<Measurement>> {
    eprintln!("  CPU of a request");
    let costs = in_turns(ROUNDS, &mut servers.each_ref(), |server| {
        Cost::of(wrk, server, Load::echo(ACTIVE, SECONDS))
    })?;
    let of = |server: usize, part: fn(&Cost) -> f64| -> Vec<f64> { costs[server].iter().map(part).collect() };
    let ratio = |part| ratios(&of(0, part), &of(1, part));
    let (user, cpu, rate) = (Cost::user, Cost::cpu, Cost::rate);
    let figure = |what: &str, unit, rounds| Measurement::new(format!("/echo: {what}"), unit, rounds);
    Ok(vec![
        figure("user CPU of a request", "us", of(0, user)).headline(),
        figure("user CPU of a request, bare axum", "us", of(1, user)),
        figure("user CPU of a request, to bare axum's", "times", ratio(user)).headline(),
        figure("user and system CPU of a request", "us", of(0, cpu)).headline(),
        figure("user and system CPU of a request, bare axum", "us", of(1, cpu)),
        figure("user and system CPU of a request, to bare axum's", "times", ratio(cpu)).target(Target::AtMost(1.25)),
        figure("requests", "1/s", of(0, rate)),
        figure("requests, to bare axum's", "times", ratio(rate)),
    ])
}
