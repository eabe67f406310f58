//! What a service may choose: names, labels and buckets.

use std::collections::HashMap;

use axum::{Router, body::Body, extract::Request, routing::get};
use prometheus::Registry;
use red_metrics::{RedMetrics, RedMetricsBuilder, encode};
use tower::ServiceExt;

/// The text of a scrape after one GET of `/hello`, which answers with 5 bytes.
async fn scraped(registry: &Registry, builder: RedMetricsBuilder) -> String {
    let metrics = builder.register(registry).expect("valid choices");
    let router = Router::new()
        .route("/hello", get(async || "hello"))
        .layer(metrics.layer());
    let request = Request::get("/hello").body(Body::empty()).expect("a request");
    let response = router.oneshot(request).await.expect("infallible");
    axum::body::to_bytes(response.into_body(), 100).await.expect("a body");
    encode(registry).expect("the metrics")
}

#[track_caller]
fn assert_has(text: &str, line: &str) {
    assert!(text.lines().any(|found| found == line), "{line} is missing:\n{text}");
}

#[tokio::test]
async fn prefix_and_label_names_are_the_services_to_choose() {
    let builder = RedMetrics::builder()
        .prefix("shop_http")
        .method_label("verb")
        .path_label("route")
        .status_label("status");
    let text = scraped(&Registry::new(), builder).await;
    assert_has(
        &text,
        r#"shop_http_requests_total{verb="GET",route="/hello",status="200"} 1"#,
    );
    assert_has(
        &text,
        r#"shop_http_request_duration_seconds_count{verb="GET",route="/hello",status="200"} 1"#,
    );
    assert_has(&text, r#"shop_http_concurrent_requests{verb="GET",route="/hello"} 0"#);
    assert_has(
        &text,
        r#"shop_http_response_size_bytes_sum{verb="GET",route="/hello"} 5"#,
    );
}

#[tokio::test]
async fn buckets_are_the_services_to_choose() {
    let builder = RedMetrics::builder()
        .duration_buckets([60.0])
        .size_buckets([4.0, 5.0, 6.0]);
    let text = scraped(&Registry::new(), builder).await;
    let durations = text.lines().filter(|line| {
        line.starts_with(r#"http_request_duration_seconds_bucket{method="GET",path="/hello",status_code="200""#)
    });
    let expected = [60.0.to_string(), "+Inf".to_owned()].map(|bound| {
        format!(
            r#"http_request_duration_seconds_bucket{{method="GET",path="/hello",status_code="200",le="{bound}"}} 1"#
        )
    });
    assert!(durations.eq(&expected), "{text}");
    for (bound, count) in [("4", 0), ("5", 1), ("6", 1), ("+Inf", 1)] {
        assert_has(
            &text,
            &format!(r#"http_response_size_bytes_bucket{{method="GET",path="/hello",le="{bound}"}} {count}"#),
        );
    }
}

#[tokio::test]
async fn constant_labels_come_from_the_registry() {
    let labels = HashMap::from([("zone".to_owned(), "eu".to_owned())]);
    let registry = Registry::new_custom(None, Some(labels)).expect("valid labels");
    let text = scraped(&registry, RedMetrics::builder()).await;
    assert_has(
        &text,
        r#"http_requests_total{method="GET",path="/hello",status_code="200",zone="eu"} 1"#,
    );
}

#[test]
fn two_services_of_a_process_differ_by_their_prefixes() {
    let registry = Registry::new();
    RedMetrics::register(&registry).expect("an empty registry");
    assert!(RedMetrics::register(&registry).is_err(), "the names are taken");
    let other = RedMetrics::builder().prefix("admin").register(&registry);
    assert!(other.is_ok(), "{other:?}");
}

#[test]
fn choices_that_make_no_metrics_are_refused_with_what_was_found_and_expected() {
    let builder = RedMetrics::builder;
    for (choices, error) in [
        (builder().duration_buckets([]), "duration_buckets: found [], expected"),
        (
            builder().size_buckets([2.0, 1.0]),
            "size_buckets: found [2.0, 1.0], expected",
        ),
        (
            builder().status_label("path"),
            "label names: found \"method\", \"path\" and \"path\", expected",
        ),
        (builder().path_label("le"), "other than \"le\""),
        (
            builder().prefix("a b"),
            "'a b_requests_total' is not a valid metric name",
        ),
        (builder().method_label("1st"), "'1st' is not a valid label name"),
    ] {
        let refused = choices.register(&Registry::new()).expect_err(error).to_string();
        assert!(refused.contains(error), "{refused}");
    }
}
