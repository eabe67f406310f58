//! What the metrics layer takes of a request's time, beside its peers, in one process.
//!
//! A request over loopback takes a hundred times as long as the layer, nearly all of it in the kernel: there its cost
//! disappears in the noise. Here it does not.

use std::{
    array,
    fmt::Debug,
    hint::black_box,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use axum::{extract::Request, response::Response};
use http::{Method, StatusCode};
use observer_benches::{
    Bound, Measurement,
    candidates::{Labelled, answer, bare, by_axum_prometheus, by_labels, measured, parts, path, requests, with_series},
    rounds::{differences, in_turns, ratios},
    threads::at_once,
};
use prometheus::Registry;
use red_metrics::{RedMetricsLayer, encode};
use tower::Service;

/// The routes of the application: about as many as a small service has.
const ROUTES: usize = 10;

const ROUNDS: usize = 41;

/// So few that they stay in the cache, as those of a server do.
const BATCH: usize = 100;

/// Batches in a round.
const BATCHES: usize = 50;

fn main() {
    beside_its_peers();
    recording_alone();
    growth();
    scrape();
}

/// What runs the requests, and says how many nanoseconds one took.
type Timed = Box<dyn FnMut() -> f64>;

fn timed<S, B>(mut application: S, routes: usize) -> Timed
where
    S: Service<Request, Response = Response<B>, Error: Debug> + 'static,
    B: http_body::Body,
{
    Box::new(move || {
        let mut spent = Duration::ZERO;
        for batch in 0..BATCHES {
            let requests = requests(batch * BATCH, BATCH, routes);
            let started = Instant::now();
            for request in requests {
                answer(&mut application, request);
            }
            spent += started.elapsed();
        }
        nanoseconds(spent, BATCHES * BATCH)
    })
}

fn nanoseconds(spent: Duration, times: usize) -> f64 {
    spent.as_secs_f64() * 1e9 / times as f64
}

fn beside_its_peers() {
    eprintln!("a whole request, beside the peers");
    let registry = Registry::new();
    let mut candidates = [
        timed(bare(ROUTES), ROUTES),
        timed(measured(&registry, ROUTES), ROUTES),
        timed(by_labels(ROUTES), ROUTES),
        timed(by_axum_prometheus(ROUTES), ROUTES),
    ];
    let times = in_turns(ROUNDS, &mut candidates, |candidate| candidate());
    let names = ["bare Router", "layer", "from_fn", "axum-prometheus"];
    for (name, times) in names.iter().zip(&times) {
        Measurement::new(&format!("{name}: a request"), "ns", times.clone()).tell();
    }
    let added: Vec<_> = times.iter().map(|of| differences(of, &times[0])).collect();
    for (name, added) in names.iter().zip(&added).skip(1) {
        Measurement::new(&format!("{name}: added to a request"), "ns", added.clone()).tell();
    }
    Measurement::new(
        "layer: a request, to the bare Router's",
        "times",
        ratios(&times[1], &times[0]),
    )
    .aim(Bound::AtMost(1.1))
    .tell();
    for (peer, bound) in [(2, 15.0), (3, 25.0)] {
        let name = format!("{}: added, to what the layer adds", names[peer]);
        Measurement::new(&name, "times", ratios(&added[peer], &added[1]))
            .aim(Bound::AtLeast(bound))
            .tell();
    }
}

/// Records a request to this route.
fn record(layer: RedMetricsLayer, path: &str) -> impl Fn() + Sync + use<> {
    let series = layer.series(path, &Method::GET).expect("the route is measured");
    move || {
        let mut recorder = black_box(series).start();
        recorder.head(StatusCode::OK);
        recorder.sent(black_box(5));
        recorder.end();
    }
}

/// The time of one recording while this many threads make them, in nanoseconds.
fn recording(record: &(dyn Fn() + Sync), threads: usize) -> f64 {
    const RECORDINGS: usize = 100_000;
    at_once(threads, RECORDINGS, || (0..RECORDINGS).for_each(|_| record()))
}

fn recording_alone() {
    eprintln!("recording alone");
    let registry = Registry::new();
    let (layer, _) = parts(&registry, ROUTES);
    let layer = record(layer, &path(0));
    let labelled = Labelled::new();
    let by_labels = || labelled.record_by_labels();
    let handles = labelled.handles();
    let by_handles = || handles.record();
    // What the layer cannot do without: a processor takes 10 ns or 20 to say its counter.
    let clock = quanta::Clock::new();
    let clock = || {
        black_box((clock.raw(), clock.raw()));
    };
    let records: [(&str, &(dyn Fn() + Sync)); 4] = [
        ("layer", &layer),
        ("with_label_values", &by_labels),
        ("handles kept", &by_handles),
        ("the clock alone, read twice", &clock),
    ];
    let mut candidates: Vec<_> = records.iter().flat_map(|of| [(of, 1), (of, 2)]).collect();
    let times = in_turns(ROUNDS, &mut candidates, |((_, record), threads)| {
        recording(*record, *threads)
    });
    for (((name, _), threads), times) in candidates.iter().zip(&times) {
        let threads = if *threads == 1 { "1 thread" } else { "2 threads" };
        let mut measurement = Measurement::new(&format!("{name}: recording, {threads}"), "ns", times.clone());
        if *name == "layer" && threads == "1 thread" {
            measurement = measurement.aim(Bound::AtMost(25.0));
        }
        measurement.tell();
    }
    let clock = &times[times.len() - 2];
    Measurement::new(
        "layer: recording, 1 thread, less the clock",
        "ns",
        differences(&times[0], clock),
    )
    .tell();
    Measurement::new("layer: 2 threads, to 1", "times", ratios(&times[1], &times[0]))
        .aim(Bound::AtMost(1.3))
        .tell();
}

/// Growth: what the layer adds with ever more routes, each of which is used.
fn growth() {
    const SIZES: [usize; 4] = [1, 10, 100, 1_000];
    eprintln!("growth");
    let mut candidates: Vec<_> = SIZES
        .iter()
        .flat_map(|routes| {
            let registry = Registry::new();
            [
                timed(bare(*routes), *routes),
                timed(measured(&registry, *routes), *routes),
            ]
        })
        .collect();
    let times = in_turns(ROUNDS, &mut candidates, |candidate| candidate());
    let added: [_; SIZES.len()] = array::from_fn(|at| differences(&times[2 * at + 1], &times[2 * at]));
    for (at, routes) in SIZES.iter().enumerate() {
        Measurement::new(
            &format!("bare Router: a request, {routes} routes"),
            "ns",
            times[2 * at].clone(),
        )
        .tell();
        Measurement::new(&format!("layer: added, {routes} routes"), "ns", added[at].clone()).tell();
    }
}

/// How long a scrape takes, and how long a request takes meanwhile.
fn scrape() {
    eprintln!("a scrape of 10,000 series");
    let registry = Registry::new();
    // Each route has four statuses that are expected, one of another method, and is counted once as "unmatched" is.
    let (layer, _) = with_series(&registry, 10_000);
    let text = encode(&registry).expect("the metrics");
    let series = text.matches("http_request_duration_seconds_count").count();
    Measurement::new("scrape: histogram series", "", vec![series as f64]).tell();
    let record = record(layer, &path(0));

    let scrape = || {
        let started = Instant::now();
        black_box(encode(&registry).expect("the metrics"));
        started.elapsed().as_secs_f64() * 1e3
    };
    let times: Vec<_> = (0..ROUNDS).map(|_| scrape()).collect();
    Measurement::new("scrape: gathered and encoded", "ms", times).tell();

    // Beside a thread that only computes, too: what the system takes away from both is no scrape's fault.
    let compute = || {
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(30) {}
    };
    let mut candidates: [(&str, &(dyn Fn() + Sync)); 2] = [
        ("a scrape", &|| {
            scrape();
        }),
        ("a thread that computes", &compute),
    ];
    let slowest = in_turns(ROUNDS, &mut candidates, |(_, other)| slowest_beside(&record, *other));
    for ((name, _), slowest) in candidates.iter().zip(&slowest) {
        Measurement::new(
            &format!("recording: the slowest one beside {name}"),
            "ms",
            slowest.clone(),
        )
        .tell();
    }
    Measurement::new(
        "recording: the slowest one, later beside a scrape than beside a thread that computes",
        "ms",
        differences(&slowest[0], &slowest[1]),
    )
    .aim(Bound::AtMost(1.0))
    .tell();
}

/// The slowest recording while the other thread is at work, in milliseconds.
fn slowest_beside(record: &dyn Fn(), other: &(dyn Fn() + Sync)) -> f64 {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            other();
            done.store(true, Ordering::Relaxed);
        });
        let mut slowest = Duration::ZERO;
        while !done.load(Ordering::Relaxed) {
            let started = Instant::now();
            record();
            slowest = slowest.max(started.elapsed());
        }
        slowest.as_secs_f64() * 1e3
    })
}
