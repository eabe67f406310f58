//! Summaries: how true their quantiles are, under how many threads, and what Prometheus' own tool says of their text.

use std::{
    thread,
    time::{Duration, Instant},
};

use prometheus::{Registry, TextEncoder};
use prometheus_summary::{Summary, SummaryOpts, SummaryVec};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use rand_distr::{Distribution, LogNormal};

use test_support::{exposition::Exposition, promtool};

/// How far off a quantile may be, relative to its value: what the module promises.
const BOUND: f64 = 0.01;

/// Room for the rounding of the logarithm at the bounds of a bucket.
const ROUNDING: f64 = 1e-9;

const QUANTILES: [f64; 7] = [0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0];

/// What a registry with this summary exposes.
fn scrape(summary: &Summary) -> Exposition {
    let registry = Registry::new();
    registry.register(Box::new(summary.clone())).expect("an empty registry");
    Exposition::parse(
        &TextEncoder::new()
            .encode_to_string(&registry.gather())
            .expect("the text"),
    )
}

fn quantile_of(scrape: &Exposition, quantile: f64) -> f64 {
    scrape.value(&format!(r#"test{{quantile="{quantile}"}}"#))
}

fn summary() -> Summary {
    Summary::new(&SummaryOpts::new("test", "A test.").quantiles(QUANTILES)).expect("valid options")
}

/// The value of rank ⌊q · (n − 1)⌋ in sorted values.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank is rounded down"
)]
fn exact_quantile(sorted: &[f64], quantile: f64) -> f64 {
    sorted[(quantile * (sorted.len() - 1) as f64) as usize]
}

/// Compares the quantiles of these values with the exact ones, from `first` on.
#[track_caller]
fn assert_true_from(first: f64, values: Vec<f64>) {
    let summary = summary();
    for value in &values {
        summary.observe(*value);
    }
    assert_tells(&summary, first, values);
}

/// Compares the quantiles, from `first` on, with those of the values that the summary was given.
#[track_caller]
fn assert_tells(summary: &Summary, first: f64, mut values: Vec<f64>) {
    let scrape = scrape(summary);
    values.sort_by(f64::total_cmp);
    for quantile in QUANTILES.into_iter().filter(|quantile| *quantile >= first) {
        let exact = exact_quantile(&values, quantile);
        let told = quantile_of(&scrape, quantile);
        assert!(
            (told - exact).abs() <= (BOUND + ROUNDING) * exact.abs(),
            "quantile {quantile} is {exact}, the summary tells {told}"
        );
    }
    assert_eq!(scrape.value("test_count"), values.len() as f64);
}

#[track_caller]
fn assert_true(values: Vec<f64>) {
    assert_true_from(0.0, values);
}

fn random(count: usize, draw: impl Fn(&mut StdRng) -> f64) -> Vec<f64> {
    let mut generator = StdRng::seed_from_u64(7);
    (0..count).map(|_| draw(&mut generator)).collect()
}

#[test]
fn quantiles_of_uniform_values_are_true() {
    assert_true(random(100_000, |generator| generator.random_range(0.005..0.15)));
}

#[test]
fn quantiles_of_log_normal_values_are_true() {
    for sigma in [0.5, 2.0, 5.0] {
        let times = LogNormal::new(-3.0, sigma).expect("a distribution");
        assert_true(random(100_000, |generator| times.sample(generator)));
    }
}

#[test]
fn quantiles_of_sorted_values_are_true_in_either_order() {
    let rising: Vec<_> = (1..=50_000).map(f64::from).collect();
    assert_true(rising.iter().rev().copied().collect());
    assert_true(rising);
}

#[test]
fn quantiles_of_two_far_apart_values_are_true() {
    // The jump is where the quantile is asked for: a mean of the two would be far from both.
    for low in [499, 500, 501, 899, 900, 901, 989, 990, 991] {
        let mut values = vec![1e-6; low];
        values.resize(1000, 1e6);
        values.shuffle(&mut StdRng::seed_from_u64(7));
        assert_true(values);
    }
}

#[test]
fn quantiles_of_a_single_value_or_of_the_same_over_and_over_are_true() {
    for value in [1e-9 * 1.5, 0.001, 0.1, 1.0, 5.0, 1e9] {
        assert_true(vec![value]);
        assert_true(vec![value; 10_000]);
    }
}

#[test]
fn quantiles_of_values_at_the_bounds_of_buckets_are_true() {
    let growth: f64 = 1.01 / 0.99;
    assert_true((-500..500).map(|power| growth.powi(power)).collect());
    assert_true((-500..500).map(|power| growth.powi(power) * (1.0 - 1e-15)).collect());
}

#[test]
fn quantiles_of_zeros_and_negative_values_are_true() {
    assert_true(vec![0.0; 100]);
    let mut values = random(10_000, |generator| generator.random_range(-50.0..100.0));
    values.extend([0.0; 500]);
    assert_true(values);
}

#[test]
fn quantiles_of_large_values_stay_true_where_the_range_is_too_wide_for_all() {
    // 600 orders of magnitude; the sketch has room for 17 of them. The values are spread evenly over the powers.
    let mut values: Vec<_> = (-300..=300).flat_map(|power| [10_f64.powi(power); 2]).collect();
    values.shuffle(&mut StdRng::seed_from_u64(7));
    assert_true_from(0.99, values);
}

#[test]
fn quantiles_over_threads_are_true_though_each_sees_another_range() {
    const THREADS: i32 = 12;
    // One power of ten for each thread; then 25 for each, which no sketch has room for.
    for (powers, first) in [(1, 0.0), (25, 0.99)] {
        let summary = summary();
        let of_thread = |thread: i32| {
            let lowest = (thread - THREADS / 2) * powers;
            random(2_000, |generator| {
                10_f64.powi(lowest) * 10_f64.powf(generator.random_range(0.0..f64::from(powers)))
            })
        };
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let summary = &summary;
                scope.spawn(move || of_thread(thread).into_iter().for_each(|value| summary.observe(value)));
            }
        });
        assert_tells(&summary, first, (0..THREADS).flat_map(of_thread).collect());
    }
}

#[test]
fn values_that_are_not_finite_are_left_out() {
    let summary = summary();
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2.0] {
        summary.observe(value);
    }
    let scrape = scrape(&summary);
    assert_eq!(scrape.value("test_count"), 1.0);
    assert_eq!(scrape.value("test_sum"), 2.0);
}

#[test]
fn nothing_is_lost_between_many_threads_that_observe_while_others_read() {
    const THREADS: u32 = 16;
    const EACH: u32 = 20_000;
    let summary = summary();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let summary = &summary;
            scope.spawn(move || {
                for number in 0..EACH {
                    summary.observe(f64::from(number * THREADS + thread + 1));
                }
            });
        }
        let mut before = 0.0;
        while before < f64::from(THREADS * EACH) {
            let count = scrape(&summary).value("test_count");
            assert!(count >= before, "the count fell from {before} to {count}");
            before = count;
        }
    });
    let all = f64::from(THREADS * EACH);
    let scrape = scrape(&summary);
    assert_eq!(scrape.value("test_count"), all);
    assert_eq!(scrape.value("test_sum"), all * (all + 1.0) / 2.0);
    for quantile in [0.5, 0.9, 0.99] {
        let (told, exact) = (quantile_of(&scrape, quantile), quantile * all);
        assert!(
            (told - exact).abs() <= 1.01 * BOUND * exact,
            "{quantile}: {told}, not {exact}"
        );
    }
}

#[test]
fn promtool_accepts_the_text_of_an_empty_and_of_a_filled_summary() {
    let registry = Registry::new();
    let opts = SummaryOpts::new("test_wait_seconds", "Time that a job has waited.").const_label("zone", "a");
    let family = SummaryVec::new(opts, &["queue"]).expect("valid options");
    registry.register(Box::new(family.clone())).expect("an empty registry");
    let _empty = family.with_label_values(&["empty"]);
    family.with_label_values(&["filled"]).observe(0.25);
    let text = TextEncoder::new()
        .encode_to_string(&registry.gather())
        .expect("the text");
    promtool::check_metrics(&text);

    let scrape = Exposition::parse(&text);
    for quantile in ["0.5", "0.9", "0.99"] {
        let of = |queue| {
            scrape.value(&format!(
                r#"test_wait_seconds{{queue="{queue}",zone="a",quantile="{quantile}"}}"#
            ))
        };
        assert!(of("empty").is_nan());
        assert!((of("filled") - 0.25).abs() <= BOUND * 0.25);
    }
    assert_eq!(scrape.value(r#"test_wait_seconds_sum{queue="empty",zone="a"}"#), 0.0);
    assert_eq!(scrape.value(r#"test_wait_seconds_count{queue="filled",zone="a"}"#), 1.0);
    assert!(text.contains("# TYPE test_wait_seconds summary\n"));
}

#[test]
fn summaries_with_the_same_labels_are_one() {
    let family = SummaryVec::new(SummaryOpts::new("test", "A test."), &["queue"]).expect("valid options");
    family.with_label_values(&["mail"]).observe_at(1.0, Instant::now());
    family.with_label_values(&["mail"]).observe(2.0);
    let registry = Registry::new();
    registry.register(Box::new(family)).expect("an empty registry");
    let scrape = Exposition::parse(
        &TextEncoder::new()
            .encode_to_string(&registry.gather())
            .expect("the text"),
    );
    assert_eq!(scrape.value(r#"test_count{queue="mail"}"#), 2.0);
}

#[test]
fn options_that_make_no_sense_are_refused_with_the_reason() {
    let opts = || SummaryOpts::new("test", "A test.");
    for (wrong, reason) in [
        (
            opts().quantiles([0.5, 1.5]),
            "quantile 1.5: expected a number from 0 to 1",
        ),
        (
            opts().quantiles([f64::NAN]),
            "quantile NaN: expected a number from 0 to 1",
        ),
        (opts().window(Duration::from_mins(1), 0), "expected slices that last"),
        (opts().window(Duration::ZERO, 5), "expected slices that last"),
        (
            opts().const_label("quantile", "a"),
            "cannot have a label named quantile",
        ),
    ] {
        let error = Summary::new(&wrong).expect_err(reason).to_string();
        assert!(error.contains(reason), "{error}");
    }
    let error = SummaryVec::new(opts(), &["quantile"]).expect_err("a label of that name");
    assert!(error.to_string().contains("cannot have a label named quantile"));
}
