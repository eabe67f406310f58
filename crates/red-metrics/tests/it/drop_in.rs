//! The drop-in layer on routers of every shape that axum knows.

use std::convert::Infallible;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware,
    response::Response,
    routing::{any, get, post},
};
use http::Method;
use prometheus::Registry;
use red_metrics::{Monitoring, RedMetrics, encode};
use test_support::exposition::Exposition;
use tower::{ServiceExt, service_fn};

/// A registry, and the metrics in it.
fn metrics() -> (Registry, RedMetrics) {
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry).expect("an empty registry");
    (registry, metrics)
}

/// Sends a request to the router, reads the whole response, and returns its status.
async fn send(router: &Router, method: Method, path: &str, body: impl Into<Body>) -> StatusCode {
    let request = Request::builder().method(method).uri(path).body(body.into());
    let response = router.clone().oneshot(request.expect("a request")).await;
    let response = response.expect("infallible");
    let status = response.status();
    axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .expect("a body");
    status
}

/// The series of requests that are not 0, as `METHOD path status`, with their numbers.
fn requests(registry: &Registry) -> Vec<(String, f64)> {
    let scrape = Exposition::parse(&encode(registry).expect("the metrics"));
    let counted = scrape.series().filter_map(|series| {
        let labels = series
            .strip_prefix("http_requests_total{method=\"")?
            .strip_suffix("\"}")?;
        let labels = labels.replace("\",path=\"", " ").replace("\",status_code=\"", " ");
        Some((labels, scrape.value(series)))
    });
    counted.filter(|(_, number)| *number > 0.0).collect()
}

fn once(labels: &str) -> Vec<(String, f64)> {
    vec![(labels.to_owned(), 1.0)]
}

/// The registry after one GET of this path.
async fn requested(path: &str, router: impl FnOnce(RedMetrics) -> Router) -> Vec<(String, f64)> {
    let (registry, metrics) = metrics();
    send(&router(metrics), Method::GET, path, Body::empty()).await;
    requests(&registry)
}

fn orders() -> Router {
    Router::new().route("/orders/{id}", get(async || "order"))
}

#[tokio::test]
async fn a_nested_route_has_its_full_template() {
    let nested = |metrics: RedMetrics| Router::new().nest("/api", orders()).layer(metrics.layer());
    assert_eq!(
        requested("/api/orders/7", nested).await,
        once("GET /api/orders/{id} 200")
    );
}

#[tokio::test]
async fn a_layer_within_a_nested_router_sees_the_prefix_too() {
    let nested = |metrics: RedMetrics| Router::new().nest("/api", orders().layer(metrics.layer()));
    assert_eq!(
        requested("/api/orders/7", nested).await,
        once("GET /api/orders/{id} 200")
    );
}

#[tokio::test]
async fn a_layered_router_that_is_nested_twice_is_measured_under_both_prefixes() {
    let (registry, metrics) = metrics();
    let measured = orders().layer(metrics.layer());
    let router = Router::new().nest("/v1", measured.clone()).nest("/v2", measured);
    for path in ["/v1/orders/7", "/v2/orders/7", "/v1/orders/8"] {
        send(&router, Method::GET, path, Body::empty()).await;
    }
    let expected = [("GET /v1/orders/{id} 200", 2.0), ("GET /v2/orders/{id} 200", 1.0)];
    assert_eq!(
        requests(&registry),
        expected.map(|(labels, number)| (labels.to_owned(), number))
    );
}

#[tokio::test]
async fn merged_routes_are_measured() {
    let merged = |metrics: RedMetrics| {
        let other = Router::new().route("/users", get(async || "users"));
        orders().merge(other).layer(metrics.layer())
    };
    assert_eq!(requested("/users", merged).await, once("GET /users 200"));
    assert_eq!(requested("/orders/7", merged).await, once("GET /orders/{id} 200"));
}

#[tokio::test]
async fn a_fallback_is_unmatched_with_its_own_status() {
    let teapot = |metrics: RedMetrics| {
        orders()
            .fallback(async || StatusCode::IM_A_TEAPOT)
            .layer(metrics.layer())
    };
    assert_eq!(requested("/nowhere", teapot).await, once("GET unmatched 418"));
}

#[tokio::test]
async fn a_fallback_of_a_nested_router_is_unmatched() {
    let nested = |metrics: RedMetrics| {
        let inner = orders().fallback(async || StatusCode::IM_A_TEAPOT);
        Router::new().nest("/api", inner).layer(metrics.layer())
    };
    assert_eq!(requested("/api/nowhere", nested).await, once("GET unmatched 418"));
}

#[tokio::test]
async fn a_nested_service_is_unmatched_because_it_has_no_template() {
    let nested = |metrics: RedMetrics| {
        let files = service_fn(async |_: Request| Ok::<_, Infallible>(Response::new(Body::empty())));
        Router::new().nest_service("/files", files).layer(metrics.layer())
    };
    assert_eq!(requested("/files/a/b", nested).await, once("GET unmatched 200"));
}

#[tokio::test]
async fn as_a_route_layer_it_measures_matched_requests_only() {
    let matched = |metrics: RedMetrics| orders().route_layer(metrics.layer());
    assert_eq!(requested("/orders/7", matched).await, once("GET /orders/{id} 200"));
    assert_eq!(requested("/nowhere", matched).await, []);
}

#[tokio::test]
async fn each_method_of_a_route_for_any_is_measured_apart() {
    let (registry, metrics) = metrics();
    let router = Router::new().route("/any", any(async || "any")).layer(metrics.layer());
    for method in [Method::GET, Method::PUT, Method::HEAD, Method::GET] {
        send(&router, method, "/any", Body::empty()).await;
    }
    let expected = [("GET /any 200", 2.0), ("HEAD /any 200", 1.0), ("PUT /any 200", 1.0)];
    assert_eq!(
        requests(&registry),
        expected.map(|(labels, number)| (labels.to_owned(), number))
    );
}

#[tokio::test]
async fn added_last_it_measures_what_other_layers_answer() {
    let (registry, metrics) = metrics();
    let denied = middleware::from_fn(async |request: Request, next: middleware::Next| {
        if request.uri().path() == "/denied" {
            return Response::builder().status(403).body(Body::empty()).expect("a response");
        }
        next.run(request).await
    });
    let router = Router::new()
        .route("/denied", get(async || "never"))
        .route("/upload", post(async |_: Bytes| "stored"))
        .layer(denied)
        .layer(DefaultBodyLimit::max(4))
        .layer(metrics.layer());
    assert_eq!(send(&router, Method::GET, "/denied", Body::empty()).await, 403);
    assert_eq!(send(&router, Method::POST, "/upload", "too large").await, 413);
    assert_eq!(send(&router, Method::GET, "/upload", Body::empty()).await, 405);
    let expected = [
        ("GET /denied 403", 1.0),
        ("GET /upload 405", 1.0),
        ("POST /upload 413", 1.0),
    ];
    assert_eq!(
        requests(&registry),
        expected.map(|(labels, number)| (labels.to_owned(), number))
    );
}

#[tokio::test]
async fn a_described_route_is_expected_before_its_first_request_and_others_appear_with_theirs() {
    let (registry, metrics) = metrics();
    let layer = metrics.layer().route(
        "/orders/{id}",
        Monitoring::of([Method::GET]).expect_statuses([StatusCode::NOT_FOUND]),
    );
    let router = orders().route("/users", get(async || "users")).layer(layer);
    let scrape = || Exposition::parse(&encode(&registry).expect("the metrics"));
    for status in [200, 404] {
        let series = format!(r#"http_requests_total{{method="GET",path="/orders/{{id}}",status_code="{status}"}}"#);
        assert_eq!(scrape().value(&series), 0.0);
    }
    let users = r#"http_requests_total{method="GET",path="/users",status_code="200"}"#;
    assert_eq!(scrape().get(users), None);
    send(&router, Method::GET, "/users", Body::empty()).await;
    assert_eq!(scrape().value(users), 1.0);
}
