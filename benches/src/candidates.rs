//! The same small application, measured in different ways.
//!
//! `from_fn` and axum-prometheus stop the clock when the response's head is there, and lose the requests of clients that
//! leave. The figures of this project's layer include the time that it spends on the body.

mod labelled;

use std::{
    convert::Infallible,
    fmt,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::Response,
    routing::{MethodRouter, get},
};
use axum_prometheus::PrometheusMetricLayer;
use clap::ValueEnum;
use http::{Method, StatusCode};
use prometheus::Registry;
use red_metrics::{MonitoredRouter, Monitoring, RedMetrics};
use tower::{Layer, Service};

/// The routes of an application: about as many as a small service has.
pub const ROUTES: usize = 10;

/// A way to measure requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Candidate {
    /// A router without any measurement
    Bare,
    /// This project's layer around the whole service
    Outermost,
    /// This project's layer, added by `Router::layer`
    DropIn,
    /// A middleware function that finds its series by `with_label_values`
    #[value(name = "from_fn")]
    FromFn,
    /// The crate of that name
    AxumPrometheus,
}

/// Answers a request to its end.
pub type Application = Box<dyn FnMut(Request)>;

impl Candidate {
    /// Those that measure.
    pub const MEASURING: [Self; 4] = [Self::Outermost, Self::DropIn, Self::FromFn, Self::AxumPrometheus];

    /// Returns an application with a number of routes, measured in this way.
    pub fn application(self, routes: usize) -> Application {
        match self {
            Self::Bare => boxed(bare(routes)),
            Self::Outermost => boxed(outermost(&Registry::new(), routes, &get_only())),
            Self::DropIn => boxed(drop_in(&Registry::new(), routes)),
            Self::FromFn => boxed(labelled::measured(bare(routes))),
            Self::AxumPrometheus => boxed(axum_prometheus(routes)),
        }
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_possible_value().expect("no candidate is skipped").get_name())
    }
}

fn boxed<S, B>(mut service: S) -> Application
where
    S: Service<Request, Response = Response<B>, Error = Infallible> + 'static,
    B: http_body::Body,
{
    Box::new(move |request| answer(&mut service, request))
}

/// Returns the path of a route.
pub fn path(number: usize) -> String {
    format!("/route-{number}")
}

fn handler<S: Clone + Send + Sync + 'static>() -> MethodRouter<S> {
    get(async || "hello")
}

/// The application without any measurement, with its state given once, as `axum::serve` does.
pub fn bare(routes: usize) -> Router {
    let routes = (0..routes).fold(Router::new(), |router, number| router.route(&path(number), handler()));
    routes.with_state(())
}

/// The usual monitoring of the routes here.
pub fn get_only() -> Monitoring {
    Monitoring::of([Method::GET])
}

/// Measured by this project's layer, around the whole service.
pub fn outermost(
    registry: &Registry,
    routes: usize,
    monitoring: &Monitoring,
) -> impl Service<Request, Response = Response<impl http_body::Body + use<>>, Error = Infallible, Future: Send>
+ Clone
+ Send
+ Sync
+ use<> {
    let routes = (0..routes).fold(MonitoredRouter::new(), |router, number| {
        router.route(&path(number), handler(), monitoring.clone())
    });
    let (router, table) = routes.into_parts();
    let metrics = RedMetrics::register(registry).expect("a registry without them");
    metrics.outermost(&table).layer(router)
}

/// Measured by this project's layer, added by `Router::layer`.
fn drop_in(registry: &Registry, routes: usize) -> Router {
    let metrics = RedMetrics::register(registry).expect("a registry without them");
    bare(routes).layer(metrics.layer())
}

/// Measured by axum-prometheus. Once a process: its recorder is global.
fn axum_prometheus(routes: usize) -> Router {
    // It spawns a task that cleans up now and then. Nothing drives this runtime: only the requests are measured.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime without threads");
    let _guard = runtime.enter();
    let (layer, _recorder) = PrometheusMetricLayer::pair();
    bare(routes).layer(layer)
}

/// Returns a number of routes, and what is expected of each, that come to about so many series of each kind.
pub fn with_series(series: usize) -> (usize, Monitoring) {
    let statuses = [
        StatusCode::CREATED,
        StatusCode::BAD_REQUEST,
        StatusCode::INTERNAL_SERVER_ERROR,
    ];
    // 200 too, and 405 of any other method, which every route may answer.
    let of_a_route = statuses.len() + 2;
    (series / of_a_route, get_only().expect_statuses(statuses))
}

/// Returns requests over all routes in turn, from a number on.
pub fn requests(first: usize, number: usize, routes: usize) -> Vec<Request> {
    (first..first + number)
        .map(|number| {
            Request::get(path(number % routes))
                .body(Body::empty())
                .expect("a valid path")
        })
        .collect()
}

/// Sends a request through a service as a server does, until its body has ended.
///
/// Nothing in the application waits, so that there is no runtime whose work would be measured too.
#[inline]
pub fn answer<S, B>(service: &mut S, request: Request)
where
    S: Service<Request, Response = Response<B>, Error = Infallible>,
    B: http_body::Body,
{
    let mut context = Context::from_waker(Waker::noop());
    let ready = service.poll_ready(&mut context);
    assert!(matches!(ready, Poll::Ready(Ok(()))), "no candidate is ever busy");
    let Poll::Ready(Ok(response)) = pin!(service.call(request)).poll(&mut context) else {
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
