//! How long a scrape of many series takes, and what it does to a request meanwhile.

use std::{
    hint::black_box,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use axum::extract::Request;
use prometheus::Registry;
use red_metrics::encode;

use super::{BATCH, ROUNDS};
use crate::{
    candidates::{answer, outermost, requests, with_series},
    measurement::{Measurement, Target},
    rounds::{differences, in_turns},
};

const SERIES: usize = 10_000;

/// A core is taken away for milliseconds at a time: a request is seldom delayed by more than its length.
const COMPUTING: Duration = Duration::from_millis(30);

pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    eprintln!("  a scrape of {SERIES} series");
    let registry = Registry::new();
    let (routes, monitoring) = with_series(SERIES);
    let mut service = outermost(&registry, routes, &monitoring);
    let series = encode(&registry)?
        .matches("http_request_duration_seconds_count")
        .count();

    let scrape = || {
        let started = Instant::now();
        black_box(encode(&registry).expect("it was encoded before"));
        started.elapsed()
    };
    let times = (0..ROUNDS).map(|_| milliseconds(scrape())).collect();

    // A thread that only computes, too: what the system takes away from both is not due to the scrape.
    let compute = || {
        let started = Instant::now();
        while started.elapsed() < COMPUTING {}
        COMPUTING
    };
    let mut candidates: [&(dyn Fn() -> Duration + Sync); 2] = [&scrape, &compute];
    let slowest = in_turns(ROUNDS, &mut candidates, |other| {
        let slowest = slowest_beside(|request| answer(&mut service, request), *other);
        Ok(milliseconds(slowest))
    })?;
    let later = differences(&slowest[0], &slowest[1]);
    Ok(vec![
        Measurement::new("scrape in process: histogram series", "", vec![series as f64]),
        Measurement::new("scrape in process: gathered and encoded", "ms", times),
        Measurement::new("the slowest request beside a scrape", "ms", slowest[0].clone()),
        Measurement::new(
            "the slowest request beside a thread that computes",
            "ms",
            slowest[1].clone(),
        ),
        Measurement::new(
            "the slowest request: later beside a scrape than beside a thread that computes",
            "ms",
            later,
        )
        .target(Target::AtMost(1.0)),
    ])
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Returns the time of the slowest request while another thread is at work.
fn slowest_beside(mut answer: impl FnMut(Request), other: &(dyn Fn() -> Duration + Sync)) -> Duration {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            other();
            done.store(true, Ordering::Relaxed);
        });
        let mut slowest = Duration::ZERO;
        while !done.load(Ordering::Relaxed) {
            for request in requests(0, BATCH, 1) {
                let started = Instant::now();
                answer(request);
                slowest = slowest.max(started.elapsed());
            }
        }
        slowest
    })
}
