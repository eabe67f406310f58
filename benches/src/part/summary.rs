//! What an observation of a summary takes beside a histogram's, with one thread and with two.

use std::{hint::black_box, time::Instant};

use prometheus::{Histogram, HistogramOpts};
use prometheus_summary::{Summary, SummaryOpts};
use red_metrics::DURATION_BUCKETS;

use crate::{
    measurement::Measurement,
    rounds::{in_turns, ratios},
    threads::at_once,
};

const ROUNDS: usize = 31;
const OBSERVATIONS: usize = 100_000;

/// A name, and an observation of a number of seconds.
type Candidate<'a> = (&'static str, &'a (dyn Fn(f64) + Sync));

pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    let buckets = HistogramOpts::new("histogram", "A histogram.").buckets(DURATION_BUCKETS.to_vec());
    let histogram = Histogram::with_opts(buckets)?;
    let summary = Summary::new(&SummaryOpts::new("summary", "A summary."))?;
    let now = Instant::now();
    let mut candidates: [Candidate; 3] = [
        ("a histogram", &|time| histogram.observe(time)),
        ("a summary", &|time| summary.observe(time)),
        ("a summary, the clock read before", &|time| {
            summary.observe_at(time, now);
        }),
    ];
    let times = times();

    let mut figures = Vec::new();
    for threads in [1, 2] {
        let costs = in_turns(ROUNDS, &mut candidates, |(_, observe)| {
            Ok(observation(*observe, threads, &times))
        })?;
        for ((name, _), cost) in candidates.iter().zip(&costs) {
            let name = format!("an observation of {name}, threads: {threads}");
            figures.push(Measurement::new(name.as_str(), "ns", cost.clone()));
            if cost != &costs[0] {
                let name = format!("{name}, to a histogram's");
                figures.push(Measurement::new(name, "times", ratios(cost, &costs[0])));
            }
        }
    }
    Ok(figures)
}

/// Times from 0.1 ms to 1 s, evenly spread over the powers of ten, in no order.
fn times() -> Vec<f64> {
    (0..1024)
        .map(|number| 10_f64.powf(f64::from(number * 389 % 1024) / 256.0 - 4.0))
        .collect()
}

/// Returns the time of one observation in nanoseconds, while this many threads make them.
fn observation(observe: &(dyn Fn(f64) + Sync), threads: u32, times: &[f64]) -> f64 {
    let spent = at_once(threads, || {
        let started = Instant::now();
        for time in times.iter().cycle().take(OBSERVATIONS) {
            observe(black_box(*time));
        }
        started.elapsed()
    });
    spent.as_secs_f64() * 1e9 / OBSERVATIONS as f64
}
