//! What is dropped is freed.

use allocation_counter::{AllocationInfo, measure};
use axum::{body::Body, extract::Request, routing::get};
use http::Method;
use prometheus::Registry;
use red_metrics::{MonitoredRouter, Monitoring, RedMetrics};
use tokio::runtime::Builder;
use tower::{Layer, ServiceExt};

/// How the metrics are added to the router.
#[derive(Clone, Copy, Debug)]
enum Way {
    DropIn,
    Outermost,
}

/// Makes metrics, measures a request, scrapes, and drops it all.
async fn make_use_and_drop(way: Way) {
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry).expect("an empty registry");
    let request = Request::get("/7").body(Body::empty()).expect("a request");
    let routes = MonitoredRouter::new().route("/{id}", get(async || "text"), Monitoring::of([Method::GET]));
    let (router, table) = routes.into_parts();
    let body = match way {
        Way::DropIn => {
            let service = router.layer(metrics.layer());
            service.oneshot(request).await.expect("infallible").into_body()
        }
        Way::Outermost => {
            let service = metrics.outermost(&table).layer(router);
            Body::new(service.oneshot(request).await.expect("infallible").into_body())
        }
    };
    axum::body::to_bytes(body, 100).await.expect("a body");
    let series = registry
        .gather()
        .iter()
        .map(|family| family.get_metric().len())
        .sum::<usize>();
    assert!(series > 0, "the series are there");
}

#[test]
fn ten_thousand_metrics_that_are_dropped_hold_no_memory() {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    // What the process keeps once and for all, such as the clock's calibration, it has after the first.
    for way in [Way::DropIn, Way::Outermost] {
        runtime.block_on(make_use_and_drop(way));
    }
    let AllocationInfo {
        count_total,
        count_current,
        bytes_current,
        ..
    } = measure(|| {
        for _ in 0..5_000 {
            runtime.block_on(make_use_and_drop(Way::DropIn));
            runtime.block_on(make_use_and_drop(Way::Outermost));
        }
    });
    assert!(count_total > 10_000, "the allocations are counted");
    assert_eq!((count_current, bytes_current), (0, 0));
}
