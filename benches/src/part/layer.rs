//! What the metrics layer adds to a request beside its peers, in process.
//!
//! A request over loopback takes a hundred times as long as the layer, nearly all of it in the kernel: its cost would
//! disappear in the noise.

mod growth;
mod peers;
mod scrape;
mod threads;

use std::time::{Duration, Instant};

use crate::{
    candidates::{Application, requests},
    measurement::Measurement,
    part::cost,
};

const ROUNDS: usize = 41;

/// So few requests that they stay in the cache, as those of a server do.
const BATCH: usize = 100;

/// Batches in a round.
const BATCHES: usize = 50;

pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    let mut figures = cost::measure()?;
    figures.extend(peers::measure()?);
    figures.extend(threads::measure()?);
    figures.extend(growth::measure()?);
    figures.extend(scrape::measure()?);
    Ok(figures)
}

/// Returns the time of a request in nanoseconds, over the requests of a round.
fn request(application: &mut Application, routes: usize) -> f64 {
    nanoseconds(batches(routes, application), BATCHES * BATCH)
}

/// Answers the requests of a round. Returns the time without their preparation.
fn batches(routes: usize, mut answer: impl FnMut(axum::extract::Request)) -> Duration {
    (0..BATCHES)
        .map(|batch| {
            let requests = requests(batch * BATCH, BATCH, routes);
            let started = Instant::now();
            requests.into_iter().for_each(&mut answer);
            started.elapsed()
        })
        .sum()
}

fn nanoseconds(spent: Duration, times: usize) -> f64 {
    spent.as_secs_f64() * 1e9 / times as f64
}
