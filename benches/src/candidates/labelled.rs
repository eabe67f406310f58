//! The usual way: a middleware function, and the prometheus crate's families, which find each request's series by its
//! labels.

use std::time::Instant;

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts};
use red_metrics::DURATION_BUCKETS;

#[derive(Clone, Debug)]
struct Families {
    requests: IntCounterVec,
    duration: HistogramVec,
    concurrent: IntGaugeVec,
}

/// Measures an application.
pub fn measured(router: Router) -> Router {
    let labels = ["method", "path", "status_code"];
    let requests = Opts::new("requests", "Requests.");
    let duration = HistogramOpts::new("duration", "Duration.").buckets(DURATION_BUCKETS.to_vec());
    let concurrent = Opts::new("concurrent", "Concurrent requests.");
    let families = Families {
        requests: IntCounterVec::new(requests, &labels).expect("valid options"),
        duration: HistogramVec::new(duration, &labels).expect("valid options"),
        concurrent: IntGaugeVec::new(concurrent, &labels[..2]).expect("valid options"),
    };
    router.layer(from_fn_with_state(families, measure))
}

async fn measure(State(families): State<Families>, path: MatchedPath, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let concurrent = [method.as_str(), path.as_str()];
    let concurrent = families.concurrent.with_label_values(&concurrent);
    concurrent.inc();
    let response = next.run(request).await;
    let status = response.status();
    let labels = [method.as_str(), path.as_str(), status.as_str()];
    families.requests.with_label_values(&labels).inc();
    let duration = families.duration.with_label_values(&labels);
    duration.observe(started.elapsed().as_secs_f64());
    concurrent.dec();
    response
}
