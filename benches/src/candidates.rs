//! The same small application, measured by nothing, by this project's layer, and by what else there is.
//!
//! The peers stop the clock when the response's head is there, and lose the requests of clients that leave; the layer does
//! not. What it costs to go on to the body's end is in its figures.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Instant,
};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, get},
};
use axum_prometheus::PrometheusMetricLayer;
use http::{Method, StatusCode};
use http_body::Body as _;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};
use red_metrics::{DURATION_BUCKETS, MonitoredRouter, Monitoring, RedMetrics, RedMetricsLayer, RedMetricsService};
use tower::{Layer, Service};

/// The path of a route, of which there are as many as one wants.
pub fn path(number: usize) -> String {
    format!("/route-{number}")
}

fn handler<S: Clone + Send + Sync + 'static>() -> MethodRouter<S> {
    get(async || "hello")
}

/// The application without any measurement, as a server has it: `axum::serve`, too, gives the handlers their state once, and
/// not anew with each request.
pub fn bare(routes: usize) -> Router {
    let routes = (0..routes).fold(Router::new(), |router, number| router.route(&path(number), handler()));
    routes.with_state(())
}

/// The layer, and the application that belongs into it.
pub fn parts(registry: &Registry, routes: usize) -> (RedMetricsLayer, Router) {
    lay_out(registry, routes, &Monitoring::of([Method::GET]))
}

/// The layer for an application with about so many series of each kind.
pub fn with_series(registry: &Registry, series: usize) -> (RedMetricsLayer, Router) {
    let statuses = [
        StatusCode::CREATED,
        StatusCode::BAD_REQUEST,
        StatusCode::INTERNAL_SERVER_ERROR,
    ];
    // With 200, and 405 of any other method, which every route may answer.
    let of_a_route = statuses.len() + 2;
    let monitoring = Monitoring::of([Method::GET]).expect_statuses(statuses);
    lay_out(registry, series / of_a_route, &monitoring)
}

fn lay_out(registry: &Registry, routes: usize, monitoring: &Monitoring) -> (RedMetricsLayer, Router) {
    let routes = (0..routes).fold(MonitoredRouter::new(), |router, number| {
        router.route(&path(number), handler(), monitoring.clone())
    });
    let (router, table) = routes.into_parts();
    let metrics = RedMetrics::register(registry).expect("a registry without them");
    (metrics.outermost(&table), router)
}

/// Measured by this project's layer.
pub fn measured(registry: &Registry, routes: usize) -> RedMetricsService<Router> {
    let (layer, router) = parts(registry, routes);
    layer.layer(router)
}

/// What most services have: the crate's families, in which each request finds its series by their labels.
#[derive(Clone, Debug)]
pub struct Labelled {
    requests: IntCounterVec,
    duration: HistogramVec,
    concurrent: IntGaugeVec,
}

/// The series of one route, method and status, found once.
#[derive(Clone, Debug)]
pub struct Handles {
    requests: IntCounter,
    duration: Histogram,
    concurrent: IntGauge,
}

impl Default for Labelled {
    fn default() -> Self {
        Self::new()
    }
}

impl Labelled {
    /// Families without series.
    pub fn new() -> Self {
        let labels = ["method", "path", "status_code"];
        let duration = HistogramOpts::new("duration", "Duration.").buckets(DURATION_BUCKETS.to_vec());
        let opts = Opts::new("requests", "Requests.");
        let gauge = Opts::new("concurrent", "Concurrent requests.");
        Self {
            requests: IntCounterVec::new(opts, &labels).expect("valid options"),
            duration: HistogramVec::new(duration, &labels).expect("valid options"),
            concurrent: IntGaugeVec::new(gauge, &labels[..2]).expect("valid options"),
        }
    }

    /// Records a request that ends as soon as it has begun.
    pub fn record_by_labels(&self) {
        let started = Instant::now();
        let labels = ["GET", "/route-0", "200"];
        let concurrent = self.concurrent.with_label_values(&labels[..2]);
        concurrent.inc();
        self.requests.with_label_values(&labels).inc();
        let duration = self.duration.with_label_values(&labels);
        duration.observe(started.elapsed().as_secs_f64());
        concurrent.dec();
    }

    /// The series that [`Labelled::record_by_labels`] finds each time.
    pub fn handles(&self) -> Handles {
        let labels = ["GET", "/route-0", "200"];
        Handles {
            requests: self.requests.with_label_values(&labels),
            duration: self.duration.with_label_values(&labels),
            concurrent: self.concurrent.with_label_values(&labels[..2]),
        }
    }

    async fn measure(State(metrics): State<Self>, path: MatchedPath, request: Request, next: Next) -> Response {
        let started = Instant::now();
        let method = request.method().clone();
        let concurrent = metrics.concurrent.with_label_values(&[method.as_str(), path.as_str()]);
        concurrent.inc();
        let response = next.run(request).await;
        let status = response.status();
        let labels = [method.as_str(), path.as_str(), status.as_str()];
        metrics.requests.with_label_values(&labels).inc();
        let duration = metrics.duration.with_label_values(&labels);
        duration.observe(started.elapsed().as_secs_f64());
        concurrent.dec();
        response
    }
}

impl Handles {
    /// Records a request that ends as soon as it has begun.
    pub fn record(&self) {
        let started = Instant::now();
        self.concurrent.inc();
        self.requests.inc();
        self.duration.observe(started.elapsed().as_secs_f64());
        self.concurrent.dec();
    }
}

/// Measured by a middleware function with `with_label_values`.
pub fn by_labels(routes: usize) -> Router {
    bare(routes).layer(from_fn_with_state(Labelled::new(), Labelled::measure))
}

/// Measured by axum-prometheus. Once a process: its recorder is the process's.
pub fn by_axum_prometheus(routes: usize) -> Router {
    // It starts a task that tidies up now and then. Here nothing drives it: only the requests are measured.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime without threads");
    let _inside = runtime.enter();
    let (layer, _recorder) = PrometheusMetricLayer::pair();
    bare(routes).layer(layer)
}

/// So many requests from this number on, over all routes in turns.
pub fn requests(first: usize, number: usize, routes: usize) -> Vec<Request> {
    (first..first + number)
        .map(|number| {
            Request::get(path(number % routes))
                .body(Body::empty())
                .expect("a valid path")
        })
        .collect()
}

/// Sends a request through the application, as a server would: until its body has ended.
///
/// Nothing in the application waits, so that no runtime is needed, whose work would be measured too.
#[inline]
pub fn answer<S, B>(application: &mut S, request: Request)
where
    S: Service<Request, Response = Response<B>, Error: std::fmt::Debug>,
    B: http_body::Body,
{
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Ok(response)) = pin!(application.call(request)).poll(&mut context) else {
        panic!("the handler does not wait, and does not fail");
    };
    let mut body = pin!(response.into_body());
    let mut frames = 0;
    while !body.is_end_stream() {
        let Poll::Ready(Some(Ok(_))) = body.as_mut().poll_frame(&mut context) else {
            panic!("the body is one piece, which is there");
        };
        frames += 1;
    }
    assert_eq!(frames, 1);
}
