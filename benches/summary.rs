//! What an observation costs: a summary's beside a histogram's, with one thread and with several at once.
//!
//!     cargo bench --bench summary
//!
//! The rounds of all candidates take turns, so that what else the machine does meets all of them alike. Of each the median
//! is told, and of the ratio to the histogram also the quartiles.

use std::{
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use observer::metrics::{DURATION_BUCKETS, Summary, SummaryOpts};
use prometheus::{Histogram, HistogramOpts};

const ROUNDS: usize = 31;
const OBSERVATIONS: u32 = 100_000;

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
    let together = Barrier::new(threads);
    let spent: Duration = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    let started = Instant::now();
                    for time in times.iter().cycle().take(OBSERVATIONS as usize) {
                        observe(black_box(*time));
                    }
                    started.elapsed()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    });
    spent.as_secs_f64() * 1e9 / f64::from(OBSERVATIONS) / threads as f64
}

/// The value at this share of the sorted values.
fn at(share: usize, values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) * share / 4]
}

fn main() {
    let buckets = HistogramOpts::new("histogram", "A histogram.").buckets(DURATION_BUCKETS.to_vec());
    let histogram = Histogram::with_opts(buckets).expect("valid options");
    let summary = Summary::new(&SummaryOpts::new("summary", "A summary.")).expect("valid options");
    let now = Instant::now();
    let candidates: [Candidate; 3] = [
        ("histogram", Box::new(|time| histogram.observe(time))),
        ("summary", Box::new(|time| summary.observe(time))),
        (
            "summary, with the clock read before",
            Box::new(|time| summary.observe_at(time, now)),
        ),
    ];
    let times = times();

    for threads in [1, 2, 4] {
        let mut costs = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            for ((_, observe), costs) in candidates.iter().zip(&mut costs) {
                costs.push(cost(observe, threads, &times));
            }
        }
        println!("{threads} threads, ns for an observation, and its ratio to the histogram's");
        let histogram = costs[0].clone();
        for ((name, _), costs) in candidates.iter().zip(&mut costs) {
            let mut ratios: Vec<_> = costs.iter().zip(&histogram).map(|(cost, base)| cost / base).collect();
            let [low, middle, high] = [1, 2, 3].map(|share| at(share, &mut ratios));
            println!("  {name:36} {:6.1}   {middle:.2} ({low:.2} to {high:.2})", at(2, costs));
        }
    }
}
