//! The one route that asks for a summary of its requests beside the histograms.

use test_support::exposition::eventually;

use crate::app::TestApp;

const ROUTE: &str = "/lorem/{kind}/{min}/{max}";

#[tokio::test]
async fn a_route_with_a_summary_records_duration_and_size_in_it() {
    const REQUESTS: usize = 30;
    let app = TestApp::start_without_database(&["--lorem-burst=1000"]);
    let mut sizes = Vec::new();
    for number in 1..=REQUESTS {
        let reply = app.get(&format!("/lorem/word/{number}00/{number}00")).await;
        sizes.push(reply.bytes().await.expect("the body").len() as f64);
    }
    let of =
        |suffix: &str, measure: &str| format!(r#"http_route_responses{suffix}{{measure="{measure}",path="{ROUTE}"}}"#);
    let metrics = eventually("all requests are recorded", async || {
        let metrics = app.metrics().await;
        (metrics.get(&of("_count", "size")) == Some(REQUESTS as f64)).then_some(metrics)
    })
    .await;

    assert_eq!(metrics.value(&of("_count", "duration")), REQUESTS as f64);
    assert_eq!(metrics.value(&of("_sum", "size")), sizes.iter().sum::<f64>());
    let median = metrics.value(&format!(
        r#"http_route_responses{{measure="size",path="{ROUTE}",quantile="0.5"}}"#
    ));
    let exact = sizes[(REQUESTS - 1) / 2];
    assert!((median - exact).abs() <= 0.01 * exact, "{median}, not {exact}");

    let histogram = format!(r#"http_request_duration_seconds_sum{{method="GET",path="{ROUTE}",status_code="200"}}"#);
    let (summary, histogram) = (metrics.value(&of("_sum", "duration")), metrics.value(&histogram));
    assert!(
        (summary - histogram).abs() <= 1e-6 * histogram,
        "they time the same requests: {summary}, {histogram}"
    );
}

#[tokio::test]
async fn other_routes_have_no_summary() {
    let app = TestApp::start_without_database(&[]);
    app.get("/echo").await;
    let metrics = app.metrics().await;
    let summaries = metrics
        .series()
        .filter(|series| series.starts_with("http_route_responses"));
    for series in summaries {
        assert!(series.contains(ROUTE), "{series}");
    }
}
