//! /counter on a durable database, beside one UPDATE for each request, two instances that share the row, and pgbench on the
//! same row. Every load also checks that each answer has been counted.

mod count;
mod pgbench;

use std::{ffi::OsString, thread};

use count::Count;

use crate::{
    load::{Answers, Load, Wrk},
    measurement::{Measurement, Target},
    rounds::{in_turns, ratios},
    server::{Server, observer, one_update},
};

const ROUNDS: usize = 5;
const SECONDS: u64 = 3;

/// The numbers of clients, each with how many times as fast as one UPDATE for each request the service should be.
const CLIENTS: [(usize, f64); 4] = [(1, 0.9), (16, 5.0), (64, 10.0), (256, 12.0)];

/// The number of clients of two instances, and of the response times with a target.
const MANY: usize = 64;

pub fn measure(wrk: &Wrk<'_>, pgbench: &[OsString], database_url: &str) -> anyhow::Result<Vec<Measurement>> {
    let bench = Bench {
        wrk,
        pgbench,
        database_url,
        observer: Server::start(&mut observer(database_url)?)?,
        one_update: Server::start(&mut one_update(database_url)?)?,
    };
    let mut count = Count::connect(database_url)?;
    let mut figures = Vec::new();
    for (clients, target) in CLIENTS {
        eprintln!("  {clients} clients");
        figures.extend(bench.beside_peers(&mut count, clients, target)?);
    }
    eprintln!("  two instances");
    figures.extend(bench.two_instances(&mut count)?);
    Ok(figures)
}

struct Bench<'a> {
    wrk: &'a Wrk<'a>,
    pgbench: &'a [OsString],
    database_url: &'a str,
    observer: Server,
    one_update: Server,
}

impl Bench<'_> {
    fn beside_peers(&self, count: &mut Count, clients: usize, target: f64) -> anyhow::Result<Vec<Measurement>> {
        let mut candidates = [Some(&self.observer), Some(&self.one_update), None];
        let results = in_turns(ROUNDS, &mut candidates, |server| match server {
            Some(server) => {
                let answers = count.checked(clients, || Ok(vec![self.load(server, clients)?]))?;
                Ok((answers[0].rate, answers[0].p99))
            }
            // pgbench knows no percentiles.
            None => Ok((pgbench::rate(self.pgbench, self.database_url, clients, SECONDS)?, 0.0)),
        })?;
        let rates = |at: usize| -> Vec<f64> { results[at].iter().map(|(rate, _)| *rate).collect() };
        let p99 = |at: usize| -> Vec<f64> { results[at].iter().map(|(_, p99)| *p99).collect() };

        let name = |what: &str| format!("/counter, clients: {clients}, {what}");
        let p99_ratio = Measurement::new(name("p99, to one UPDATE each"), "times", ratios(&p99(0), &p99(1)));
        Ok(vec![
            Measurement::new(name("calls"), "1/s", rates(0)).headline(),
            Measurement::new(name("calls with one UPDATE each"), "1/s", rates(1)),
            Measurement::new(name("calls, to one UPDATE each"), "times", ratios(&rates(0), &rates(1)))
                .target(Target::AtLeast(target)),
            Measurement::new(name("pgbench's updates"), "1/s", rates(2)),
            Measurement::new(
                name("calls, to pgbench's updates"),
                "times",
                ratios(&rates(0), &rates(2)),
            ),
            Measurement::new(name("p99"), "ms", p99(0)),
            Measurement::new(name("p99 with one UPDATE each"), "ms", p99(1)),
            if clients == MANY {
                p99_ratio.target(Target::AtMost(0.2))
            } else {
                p99_ratio
            },
        ])
    }

    fn two_instances(&self, count: &mut Count) -> anyhow::Result<Vec<Measurement>> {
        let other = Server::start(&mut observer(self.database_url)?)?;
        let mut candidates = [vec![&self.observer], vec![&self.observer, &other]];
        let rates = in_turns(ROUNDS, &mut candidates, |servers| {
            let answers = count.checked(MANY, || self.load_all(servers, MANY / servers.len()))?;
            Ok(answers.iter().map(|answers| answers.rate).sum())
        })?;
        Ok(vec![
            Measurement::new("/counter, two instances with 32 clients each", "1/s", rates[1].clone()),
            Measurement::new(
                "/counter, two instances with 32 clients each, to one with 64",
                "times",
                ratios(&rates[1], &rates[0]),
            )
            .target(Target::AtLeast(0.7)),
        ])
    }

    fn load(&self, server: &Server, clients: usize) -> anyhow::Result<Answers> {
        self.wrk.run(server, Load::new("/counter", clients, SECONDS))
    }

    /// Loads several servers at once.
    fn load_all(&self, servers: &[&Server], clients: usize) -> anyhow::Result<Vec<Answers>> {
        thread::scope(|scope| {
            let loads: Vec<_> = servers
                .iter()
                .map(|server| scope.spawn(|| self.load(server, clients)))
                .collect();
            loads.into_iter().map(|load| load.join().expect("no panic")).collect()
        })
    }
}
