//! What an observation costs: a summary's beside a histogram's, with one thread and with several at once.

use std::{hint::black_box, time::Instant};

use observer_benches::{
    Measurement,
    rounds::{in_turns, ratios},
    threads::at_once,
};
use prometheus::{Histogram, HistogramOpts};
use red_metrics::{DURATION_BUCKETS, Summary, SummaryOpts};

const ROUNDS: usize = 31;
const OBSERVATIONS: usize = 100_000;

/// A candidate: its name, and one observation of so many seconds.
type Candidate<'a> = (&'static str, Box<dyn Fn(f64) + Sync + 'a>);

/// Times from 0.1 ms to 1 s, evenly spread over the powers of ten, in no order.
fn times() -> Vec<f64> {
    (0..1024)
        .map(|number| 10_f64.powf(f64::from(number * 389 % 1024) / 256.0 - 4.0))
        .collect()
}

/// The time of one observation, in nanoseconds, while this many threads make them.
fn cost(observe: &(dyn Fn(f64) + Sync), threads: usize, times: &[f64]) -> f64 {
    at_once(threads, OBSERVATIONS, || {
        for time in times.iter().cycle().take(OBSERVATIONS) {
            observe(black_box(*time));
        }
    })
}

fn main() {
    let buckets = HistogramOpts::new("histogram", "A histogram.").buckets(DURATION_BUCKETS.to_vec());
    let histogram = Histogram::with_opts(buckets).expect("valid options");
    let summary = Summary::new(&SummaryOpts::new("summary", "A summary.")).expect("valid options");
    let now = Instant::now();
    let mut candidates: [Candidate; 3] = [
        ("a histogram", Box::new(|time| histogram.observe(time))),
        ("a summary", Box::new(|time| summary.observe(time))),
        (
            "a summary, the clock read before",
            Box::new(|time| summary.observe_at(time, now)),
        ),
    ];
    let times = times();

    for threads in [1, 2] {
        let costs = in_turns(ROUNDS, &mut candidates, |(_, observe)| cost(observe, threads, &times));
        for ((name, _), costs_of_it) in candidates.iter().zip(&costs) {
            let name = format!("an observation of {name}, threads: {threads}");
            Measurement::new(&name, "ns", costs_of_it.clone()).tell();
            if costs_of_it != &costs[0] {
                let ratios = ratios(costs_of_it, &costs[0]);
                Measurement::new(&format!("{name}, to a histogram's"), "times", ratios).tell();
            }
        }
    }
}
