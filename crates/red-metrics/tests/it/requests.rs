//! What a request leaves behind, measured by either layer under plain `axum::serve`.

use std::{
    convert::Infallible,
    future::Ready,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
    routing::{MethodRouter, get, post},
};
use futures_util::stream::{self, StreamExt};
use http::{Method, StatusCode, header};
use prometheus::Registry;
use red_metrics::{MonitoredRouter, Monitoring, Observation, Observe, RedMetrics, encode};
use test_support::{
    client,
    exposition::{Exposition, eventually},
};
use tokio::{io::AsyncReadExt, net::TcpListener, time::sleep};
use tower::{Layer, Service, ServiceExt, make::Shared, service_fn};

/// How long the slow handlers take.
const SLOW: Duration = Duration::from_millis(200);

/// How the metrics are added to the router.
#[derive(Clone, Copy, Debug)]
enum Way {
    DropIn,
    Outermost,
}

/// A server with one of the layers, and no other layer.
struct Measured {
    address: String,
    registry: Registry,
    /// What the observer of `/text` has seen.
    observed: Observed,
}

/// Collects what it observes.
#[derive(Clone, Debug, Default)]
struct Observed(Arc<Mutex<Vec<Observation>>>);

impl Observe for Observed {
    fn observe(&self, request: &Observation) {
        self.0.lock().expect("no panic").push(*request);
    }
}

/// The routes of the server. `/text` has the observer.
fn routes(observed: Observed) -> Vec<(&'static str, MethodRouter, Monitoring)> {
    let get_expected = || Monitoring::of([Method::GET]);
    vec![
        (
            "/text",
            get(async || "text").post(async |body: Bytes| body),
            Monitoring::of([Method::GET, Method::POST])
                .expect_statuses([StatusCode::INTERNAL_SERVER_ERROR])
                .observed_by(observed),
        ),
        ("/users/{id}/posts/{post}", get(async || "post"), get_expected()),
        ("/users/{id}", get(async || "user"), get_expected()),
        ("/users/me", get(async || "me"), get_expected()),
        ("/{{brace}}", get(async || "brace"), get_expected()),
        ("/slow-head", get(async || sleep(SLOW).await), get_expected()),
        ("/slow-body", get(slow_body), get_expected()),
        ("/endless-body", get(endless_body), get_expected()),
        ("/broken-body", get(broken_body), get_expected()),
        ("/announced-body", get(announced_body), get_expected()),
        ("/panic", get(panicking), get_expected()),
        (
            "/no-content",
            post(async || StatusCode::NO_CONTENT),
            Monitoring::of([Method::POST]),
        ),
        ("/ended-body", get(async || Body::new(EndedBody)), get_expected()),
        (
            "/unsent-body",
            get(async || (StatusCode::NOT_MODIFIED, "text")),
            get_expected(),
        ),
        ("/probe", get(async || "alive"), Monitoring::disabled()),
    ]
}

impl Measured {
    async fn start(way: Way) -> Self {
        let registry = Registry::new();
        let metrics = RedMetrics::register(&registry).expect("an empty registry");
        let observed = Observed::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        match way {
            Way::DropIn => {
                let (mut router, mut layer) = (Router::new(), metrics.layer());
                for (template, handlers, monitoring) in routes(observed.clone()) {
                    router = router.route(template, handlers);
                    layer = layer.route(template, monitoring);
                }
                tokio::spawn(axum::serve(listener, router.layer(layer)).into_future());
            }
            Way::Outermost => {
                let routes = routes(observed.clone()).into_iter();
                let routes = routes.fold(MonitoredRouter::new(), |router, (template, handlers, monitoring)| {
                    router.route(template, handlers, monitoring)
                });
                let (router, table) = routes.into_parts();
                let service = metrics.outermost(&table).layer(router);
                let service = ServiceExt::<Request>::map_response(service, |response| response.map(Body::new));
                tokio::spawn(axum::serve(listener, Shared::new(service)).into_future());
            }
        }
        Self {
            address,
            registry,
            observed,
        }
    }

    fn scrape(&self) -> Exposition {
        Exposition::parse(&encode(&self.registry).expect("the metrics"))
    }

    /// Sends a request and reads the whole reply.
    async fn request(&self, method: &str, path: &str) -> String {
        let request = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        client::exchange(&self.address, &request).await
    }

    /// Waits until one request with these labels is counted, and returns that scrape.
    async fn recorded(&self, method: &str, path: &str, status_code: &str) -> Exposition {
        let labels = format!(r#"{{method="{method}",path="{path}",status_code="{status_code}"}}"#);
        let scrape = eventually(&format!("a request with {labels} is counted"), async || {
            let scrape = self.scrape();
            (scrape.get(&format!("http_requests_total{labels}")) == Some(1.0)).then_some(scrape)
        })
        .await;
        assert_eq!(scrape.sum("http_requests_total"), 1.0, "it is counted once");
        assert_eq!(
            scrape.value(&format!("http_request_duration_seconds_count{labels}")),
            1.0,
            "its duration is recorded with the same labels",
        );
        assert_eq!(scrape.sum("http_request_duration_seconds_count"), 1.0);
        assert_eq!(scrape.sum("http_response_size_bytes_count"), 1.0);
        assert_eq!(scrape.sum("http_concurrent_requests"), 0.0, "the gauge is back at 0");
        scrape
    }
}

/// Ten bytes, of which the last five come late.
async fn slow_body() -> Body {
    let pieces = stream::iter(["first", "later"]).then(async |piece| {
        if piece == "later" {
            sleep(SLOW).await;
        }
        Ok::<_, io::Error>(piece)
    });
    Body::from_stream(pieces)
}

/// One piece, and then nothing more.
async fn endless_body() -> Body {
    Body::from_stream(stream::iter([Ok::<_, io::Error>("first")]).chain(stream::pending()))
}

/// One piece, then an error of the service's own.
async fn broken_body() -> Body {
    Body::from_stream(stream::iter([Ok("first"), Err(io::Error::other("broken"))]))
}

/// A stream whose length only the head announces, as a file has: the server asks for no more.
async fn announced_body() -> Response<Body> {
    let pieces = stream::iter(["first", "later"]).map(Ok::<_, io::Error>);
    let response = Response::builder().header(header::CONTENT_LENGTH, 10);
    response.body(Body::from_stream(pieces)).expect("a valid header")
}

/// A body that is at its end from the start, so that nobody polls it.
struct EndedBody;

impl http_body::Body for EndedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
        unreachable!("it is at its end")
    }

    fn is_end_stream(&self) -> bool {
        true
    }
}

async fn panicking() -> &'static str {
    panic!("on purpose")
}

/// Makes a test of each way to add the metrics.
macro_rules! both_ways {
    ($(async fn $name:ident($server:ident) $body:block)*) => {
        mod drop_in {
            use super::*;
            $(#[tokio::test]
            async fn $name() {
                let $server = Measured::start(Way::DropIn).await;
                $body
            })*
        }
        mod outermost {
            use super::*;
            $(#[tokio::test]
            async fn $name() {
                let $server = Measured::start(Way::Outermost).await;
                $body
            })*
        }
    };
}

both_ways! {
    async fn a_request_is_recorded_once_with_its_method_template_and_status(server) {
        assert!(server.request("GET", "/text").await.ends_with("text"));
        let scrape = server.recorded("GET", "/text", "200").await;
        assert_eq!(
            scrape.value(r#"http_response_size_bytes_sum{method="GET",path="/text"}"#),
            4.0
        );
    }

    async fn a_path_with_parameters_is_recorded_as_its_template(server) {
        server.request("GET", "/users/17/posts/4?sort=asc").await;
        server.recorded("GET", "/users/{id}/posts/{post}", "200").await;
    }

    async fn the_duration_runs_to_the_end_of_the_body(server) {
        server.request("GET", "/slow-body").await;
        let scrape = server.recorded("GET", "/slow-body", "200").await;
        let labels = r#"{method="GET",path="/slow-body",status_code="200"}"#;
        let duration = scrape.value(&format!("http_request_duration_seconds_sum{labels}"));
        assert!(duration >= SLOW.as_secs_f64(), "recorded {duration} s");
        assert_eq!(
            scrape.value(r#"http_response_size_bytes_sum{method="GET",path="/slow-body"}"#),
            10.0
        );
    }

    async fn the_gauge_counts_a_request_until_the_body_has_ended(server) {
        let connection = client::send(&server.address, "GET /endless-body HTTP/1.1\r\nhost: test\r\n\r\n").await;
        let gauge = r#"http_concurrent_requests{method="GET",path="/endless-body"}"#;
        eventually("the request is in progress", async || {
            (server.scrape().value(gauge) == 1.0).then_some(())
        })
        .await;
        drop(connection);
        server.recorded("GET", "/endless-body", "aborted").await;
    }

    async fn a_client_that_leaves_before_the_head_is_recorded_as_aborted(server) {
        let connection = client::send(&server.address, "GET /slow-head HTTP/1.1\r\nhost: test\r\n\r\n").await;
        eventually("the request is in progress", async || {
            (server.scrape().sum("http_concurrent_requests") == 1.0).then_some(())
        })
        .await;
        drop(connection);
        server.recorded("GET", "/slow-head", "aborted").await;
    }

    async fn a_client_that_leaves_within_the_body_is_recorded_as_aborted(server) {
        let mut connection = client::send(&server.address, "GET /slow-body HTTP/1.1\r\nhost: test\r\n\r\n").await;
        let mut head = [0; 64];
        connection.read_exact(&mut head).await.expect("the head arrives");
        drop(connection);
        server.recorded("GET", "/slow-body", "aborted").await;
    }

    async fn a_body_that_fails_keeps_the_status_that_was_sent(server) {
        server.request("GET", "/broken-body").await;
        server.recorded("GET", "/broken-body", "200").await;
    }

    async fn a_body_has_ended_when_the_announced_length_is_sent(server) {
        assert!(server.request("GET", "/announced-body").await.ends_with("firstlater"));
        let scrape = server.recorded("GET", "/announced-body", "200").await;
        assert_eq!(scrape.sum("http_response_size_bytes_sum"), 10.0);
    }

    async fn a_panic_is_recorded_as_500_even_where_no_layer_catches_it(server) {
        server.request("GET", "/panic").await;
        server.recorded("GET", "/panic", "500").await;
    }

    async fn a_head_request_is_recorded_with_its_status_and_no_bytes(server) {
        server.request("HEAD", "/slow-body").await;
        let scrape = server.recorded("HEAD", "/slow-body", "200").await;
        assert_eq!(scrape.sum("http_response_size_bytes_sum"), 0.0);
    }

    async fn replies_without_a_body_are_recorded(server) {
        server.request("POST", "/no-content").await;
        server.recorded("POST", "/no-content", "204").await;
    }

    async fn a_body_that_is_at_its_end_from_the_start_is_recorded(server) {
        server.request("GET", "/ended-body").await;
        server.recorded("GET", "/ended-body", "200").await;
    }

    async fn a_status_that_allows_no_body_is_recorded_even_where_the_service_gave_one(server) {
        server.request("GET", "/unsent-body").await;
        let scrape = server.recorded("GET", "/unsent-body", "304").await;
        assert_eq!(scrape.sum("http_response_size_bytes_sum"), 0.0);
    }

    async fn a_method_that_the_route_does_not_serve_is_recorded_with_405(server) {
        server.request("DELETE", "/text").await;
        server.recorded("DELETE", "/text", "405").await;
    }

    async fn an_unknown_path_is_recorded_as_unmatched(server) {
        server.request("GET", "/text/").await;
        server.recorded("GET", "unmatched", "404").await;
    }

    async fn an_invented_method_is_recorded_as_other(server) {
        server.request("BREW", "/text").await;
        server.recorded("other", "/text", "405").await;
    }

    async fn a_disabled_route_is_served_and_not_recorded(server) {
        let before = server.scrape();
        assert!(server.request("GET", "/probe").await.ends_with("alive"));
        assert_eq!(server.scrape(), before);
    }

    async fn an_observer_sees_the_requests_of_its_route_and_no_others(server) {
        server.request("GET", "/text").await;
        server.request("DELETE", "/text").await;
        server.request("GET", "/users/1/posts/2").await;
        let observed = eventually("two requests are observed", async || {
            let observed = server.observed.0.lock().expect("no panic").clone();
            (observed.len() == 2).then_some(observed)
        })
        .await;
        assert_eq!((observed[0].method, observed[0].status), ("GET", Some(StatusCode::OK)));
        assert_eq!(observed[0].body_bytes, 4);
        assert!(!observed[0].duration.is_zero());
        assert_eq!(
            (observed[1].method, observed[1].status),
            ("DELETE", Some(StatusCode::METHOD_NOT_ALLOWED))
        );
    }

    async fn expected_series_are_0_from_the_start(server) {
        let scrape = server.scrape();
        for (method, status_code) in [("GET", "200"), ("GET", "500"), ("POST", "200"), ("POST", "500")] {
            let labels = format!(r#"{{method="{method}",path="/text",status_code="{status_code}"}}"#);
            assert_eq!(scrape.value(&format!("http_requests_total{labels}")), 0.0);
            assert_eq!(
                scrape.value(&format!("http_request_duration_seconds_count{labels}")),
                0.0
            );
        }
        assert_eq!(
            scrape.value(r#"http_concurrent_requests{method="GET",path="/text"}"#),
            0.0
        );
    }

    async fn the_length_of_a_body_is_still_known_to_the_server(server) {
        let reply = server.request("GET", "/text").await;
        assert!(reply.contains("content-length: 4"), "{reply}");
    }

    async fn random_paths_and_invented_methods_add_no_series(server) {
        let before = server.scrape();
        let mut connection = client::Connection::open(&server.address).await;
        for number in 0..10_000_u32 {
            let path = format!("/{:08x}/{number}?q={number}", number.wrapping_mul(2_654_435_761));
            assert_eq!(connection.status_of("GET", &path).await, 404);
        }
        for number in 0..100 {
            assert_eq!(connection.status_of(&format!("VERB{number}"), "/text").await, 405);
            assert_eq!(connection.status_of(&format!("VERB{number}"), "/nowhere").await, 404);
        }
        let after = server.scrape();
        assert_eq!(after.series_set(), before.series_set());
        assert_eq!(
            after.sum("http_requests_total"),
            10_200.0,
            "they are counted all the same"
        );
    }
}

#[tokio::test]
async fn each_request_is_recorded_with_the_template_that_the_router_chose() {
    for (path, template, answer) in [
        ("/users/7", "/users/{id}", "user"),
        ("/users/me", "/users/me", "me"),
        ("/users/mee", "/users/{id}", "user"),
        ("/{brace}", "/{{brace}}", "brace"),
    ] {
        for way in [Way::DropIn, Way::Outermost] {
            let server = Measured::start(way).await;
            assert!(server.request("GET", path).await.ends_with(answer), "{path}");
            server.recorded("GET", template, "200").await;
        }
    }
}

#[tokio::test]
async fn a_service_that_panics_before_it_returns_a_future_is_recorded_as_500() {
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry).expect("an empty registry");
    let routes = MonitoredRouter::new().route("/text", get(async || "text"), Monitoring::of([Method::GET]));
    let panicking = service_fn(|_: Request<Body>| -> Ready<Result<Response<Body>, Infallible>> { panic!("at once") });
    let mut service = metrics.outermost(&routes.into_parts().1).layer(panicking);
    let call = AssertUnwindSafe(|| drop(service.call(Request::get("/text").body(Body::empty()).expect("valid"))));
    assert!(catch_unwind(call).is_err());
    let scrape = Exposition::parse(&encode(&registry).expect("the metrics"));
    assert_eq!(scrape.sum("http_concurrent_requests"), 0.0);
    let failed = r#"http_requests_total{method="GET",path="/text",status_code="500"}"#;
    assert_eq!(scrape.value(failed), 1.0);
}
