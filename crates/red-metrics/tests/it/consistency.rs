//! The figures of the metrics layer while many threads record: nothing is lost, and every scrape agrees with itself.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use axum::routing::get;
use http::{Method, StatusCode};
use prometheus::Registry;
use red_metrics::{MonitoredRouter, Monitoring, OutermostLayer, RedMetrics, encode};

use test_support::exposition::Exposition;

const PATHS: [&str; 2] = ["/one", "/two"];
const STATUSES: [StatusCode; 2] = [StatusCode::OK, StatusCode::NOT_FOUND];

fn measured(registry: &Registry) -> OutermostLayer {
    let metrics = RedMetrics::register(registry).expect("an empty registry");
    layer(&metrics)
}

fn layer(metrics: &RedMetrics) -> OutermostLayer {
    let routes = PATHS.iter().fold(MonitoredRouter::new(), |routes, path| {
        routes.route(path, get(async || ()), Monitoring::of([Method::GET]))
    });
    metrics.outermost(&routes.into_parts().1)
}

/// One request: every fourth is aborted, the others alternate between the statuses.
fn record(layer: &OutermostLayer, number: usize) {
    let path = PATHS[number % PATHS.len()];
    let mut recorder = layer.series(path, &Method::GET).expect("the route is measured").start();
    recorder.head(STATUSES[number / 2 % 2]);
    recorder.sent(number % 1_000);
    if !number.is_multiple_of(4) {
        recorder.end();
    }
}

fn scrape(registry: &Registry) -> Exposition {
    Exposition::parse(&encode(registry).expect("the metrics"))
}

/// In every series the count, the last bucket and the counter are one number; a bucket holds at least what those
/// below it hold; no size is missing.
fn assert_agreement(scrape: &Exposition) {
    let requests: Vec<_> = scrape
        .series()
        .filter_map(|series| series.strip_prefix("http_requests_total"))
        .collect();
    let mut by_method_and_path = BTreeMap::<&str, f64>::new();
    for labels in requests {
        let total = scrape.value(&format!("http_requests_total{labels}"));
        let count = scrape.value(&format!("http_request_duration_seconds_count{labels}"));
        assert_eq!(total, count, "{labels}");
        let bare = labels.trim_end_matches('}');
        let mut below = 0.0;
        for bound in ["0.001", "0.0025", "0.1", "5", "+Inf"] {
            let bucket = scrape.value(&format!(r#"http_request_duration_seconds_bucket{bare},le="{bound}"}}"#));
            assert!(bucket >= below, "{labels} at {bound}");
            below = bucket;
        }
        assert_eq!(total, below, "{labels}");
        let (method_and_path, _) = bare.split_once(",status_code").expect("a status");
        *by_method_and_path.entry(method_and_path).or_default() += total;
    }
    for (labels, total) in by_method_and_path {
        let sizes = scrape.value(&format!("http_response_size_bytes_count{labels}}}"));
        assert_eq!(sizes, total, "{labels}");
        let running = scrape.value(&format!("http_concurrent_requests{labels}}}"));
        assert!(running >= 0.0, "{running} requests run");
    }
}

/// No counter is below what it was.
fn assert_growth(before: &Exposition, after: &Exposition) {
    for series in before.series().filter(|series| !series.starts_with("http_concurrent")) {
        assert!(after.value(series) >= before.value(series), "{series} went back");
    }
}

#[test]
fn every_scrape_agrees_with_itself_and_nothing_is_lost_while_threads_come_and_go() {
    const ROUNDS: usize = 40;
    const THREADS: usize = 16;
    const REQUESTS: usize = 500;
    let registry = Registry::new();
    let layer = measured(&registry);
    let done = AtomicBool::new(false);

    let scrapes = thread::scope(|scope| {
        let scraper = scope.spawn(|| {
            let mut before = scrape(&registry);
            let mut scrapes = 0;
            while !done.load(Ordering::Relaxed) {
                let after = scrape(&registry);
                assert_agreement(&after);
                assert_growth(&before, &after);
                before = after;
                scrapes += 1;
            }
            scrapes
        });
        // Each round has new threads, which go on with the cells of those that have ended.
        for _ in 0..ROUNDS {
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| (0..REQUESTS).for_each(|number| record(&layer, number)));
                }
            });
        }
        done.store(true, Ordering::Relaxed);
        scraper.join().expect("every scrape agrees")
    });
    assert!(scrapes > 1, "scraped {scrapes} times meanwhile");

    let end = scrape(&registry);
    assert_agreement(&end);
    assert_eq!(end.sum("http_requests_total"), (ROUNDS * THREADS * REQUESTS) as f64);
    assert_eq!(end.sum("http_concurrent_requests"), 0.0);
    let bytes: usize = (0..REQUESTS).map(|number| number % 1_000).sum();
    assert_eq!(
        end.sum("http_response_size_bytes_sum"),
        (ROUNDS * THREADS * bytes) as f64
    );
    let aborted = r#"http_requests_total{method="GET",path="/one",status_code="aborted"}"#;
    assert_eq!(end.value(aborted), (ROUNDS * THREADS * REQUESTS / 4) as f64);
}

#[test]
fn requests_that_come_one_after_the_other_are_never_seen_as_two() {
    let registry = Registry::new();
    let layer = measured(&registry);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                record(&layer, 2 * number);
                if done.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        for _ in 0..300 {
            let scrape = scrape(&registry);
            assert!(scrape.sum("http_concurrent_requests") <= 1.0);
            assert_agreement(&scrape);
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_request_that_ends_on_another_thread_than_it_began_on_leaves_no_trace_in_the_gauge() {
    let registry = Registry::new();
    let layer = measured(&registry);
    let started: Vec<_> = (0..100)
        .map(|_| layer.series("/one", &Method::GET).expect("it is measured").start())
        .collect();
    assert_eq!(scrape(&registry).sum("http_concurrent_requests"), 100.0);
    thread::spawn(|| drop(started)).join().expect("no panic");
    let end = scrape(&registry);
    assert_eq!(end.sum("http_concurrent_requests"), 0.0);
    assert_eq!(end.sum("http_requests_total"), 100.0);
}

#[test]
fn two_layers_that_measure_the_same_path_add_to_the_same_series() {
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry).expect("an empty registry");
    let (public, private) = (layer(&metrics), layer(&metrics));
    record(&public, 1);
    record(&private, 1);
    let scrape = scrape(&registry);
    assert_agreement(&scrape);
    assert_eq!(
        scrape.value(r#"http_requests_total{method="GET",path="/two",status_code="200"}"#),
        2.0
    );
}
