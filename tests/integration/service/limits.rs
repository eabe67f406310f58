//! What clients may take: requests in progress, time, memory, connections. Beyond it they are told so, and the others
//! notice nothing.

use std::{
    future::IntoFuture,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use clap::Parser;
use http::Method;
use observer::web::{
    limits::Limits,
    metrics::ServerMetrics,
    middleware,
    request_limits::{LimitRequests, RequestLimits},
    server,
};
use prometheus::Registry;
use red_metrics::{MonitoredRouter, Monitoring, RedMetrics};
use test_support::{
    client::{self, Connection},
    exposition::eventually,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::layer::layer_fn;

use crate::app::TestApp;

/// The limits as the command line reads them.
#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    limits: Limits,
}

const PING: &str = "GET /ping HTTP/1.1\r\nhost: test\r\n\r\n";

/// Waits until this many requests to /ping are in progress.
async fn in_progress(app: &TestApp, requests: f64) {
    eventually("the requests are in progress", async || {
        (app.metrics().await.sum("http_concurrent_requests") == requests).then_some(())
    })
    .await;
}

/// Whether the server closes the connection earlier than it would by default.
async fn is_closed(mut connection: TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(Duration::from_secs(10), connection.read_to_end(&mut rest))
        .await
        .is_ok()
}

#[tokio::test]
async fn requests_above_the_limit_are_shed_at_once_and_probes_are_not() {
    let app = TestApp::start_without_database(&["--max-concurrent-requests=2", "--ping-delay=constant:60s"]);
    let _running = (
        client::send(app.address(), PING).await,
        client::send(app.address(), PING).await,
    );
    in_progress(&app, 2.0).await;

    let reply = app.get("/ping").await;
    assert_eq!(reply.status(), 503);
    assert_eq!(reply.headers()["retry-after"], "1");
    assert_eq!(reply.headers()["content-type"], "application/problem+json");
    assert_eq!(app.get("/healthz").await.status(), 200);

    let metrics = app.metrics().await;
    assert_eq!(metrics.value(r#"http_requests_shed_total{reason="concurrency"}"#), 1.0);
    let counted = metrics.value(r#"http_requests_total{method="GET",path="/ping",status_code="503"}"#);
    assert_eq!(counted, 1.0, "it is counted as the client saw it");
}

#[tokio::test]
async fn a_request_over_its_time_limit_gets_503_and_frees_its_slot() {
    let flags = [
        "--request-timeout=50ms",
        "--ping-delay=constant:60s",
        "--max-concurrent-requests=1",
    ];
    let app = TestApp::start_without_database(&flags);
    for _ in 0..2 {
        let reply = app.get("/ping").await;
        assert_eq!(reply.status(), 503);
        let problem = reply.text().await.expect("the body");
        assert!(problem.contains("took longer"), "{problem}");
    }
    let metrics = app.metrics().await;
    let counted = metrics.value(r#"http_requests_total{method="GET",path="/ping",status_code="503"}"#);
    assert_eq!(counted, 2.0);
    assert_eq!(metrics.sum("http_concurrent_requests"), 0.0);
}

#[tokio::test]
async fn time_limits_are_not_cut_short() {
    let limits = ["--request-timeout=1700ms", "--body-timeout=1700ms"];
    let app = TestApp::start_without_database(&[limits.as_slice(), &["--ping-delay=constant:60s"]].concat());
    let asked = Instant::now();
    let unfinished = "POST /echo HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: 10\r\n\r\na";
    let replies = tokio::join!(app.get("/ping"), client::exchange(app.address(), unfinished));
    assert_eq!(replies.0.status(), 503);
    assert!(replies.1.starts_with("HTTP/1.1 408 "), "{}", replies.1);
    assert!(asked.elapsed() >= Duration::from_millis(1700), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_slow_body_takes_no_slot_and_gets_408_at_its_time_limit() {
    let app = TestApp::start_without_database(&["--body-timeout=300ms", "--max-concurrent-requests=1"]);
    let mut slow = client::send(
        app.address(),
        "POST /echo HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: 10\r\n\r\na",
    )
    .await;
    in_progress(&app, 1.0).await;
    assert_eq!(app.get("/echo").await.status(), 200);

    let mut reply = [0; 12];
    slow.read_exact(&mut reply).await.expect("an answer");
    assert_eq!(&reply, b"HTTP/1.1 408");
}

#[tokio::test]
async fn bodies_above_the_memory_budget_are_shed() {
    let app = TestApp::start_without_database(&["--body-memory=100000", "--echo-delay=constant:60s"]);
    let holding = client::send(
        app.address(),
        &format!(
            "POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 60000\r\n\r\n{}",
            "a".repeat(60_000)
        ),
    )
    .await;
    eventually("the first body is held", async || {
        let reply = reqwest::Client::new()
            .post(app.at("/ping"))
            .body(vec![b'b'; 60_000])
            .send()
            .await;
        (reply.expect("an answer").status() == 503).then_some(())
    })
    .await;
    assert!(
        app.metrics()
            .await
            .value(r#"http_requests_shed_total{reason="memory"}"#)
            >= 1.0
    );
    assert_eq!(
        app.get("/ping").await.status(),
        200,
        "a request without a body needs none of it"
    );

    drop(holding);
    eventually("its memory is free again", async || {
        let reply = reqwest::Client::new()
            .post(app.at("/ping"))
            .body(vec![b'b'; 60_000])
            .send()
            .await;
        (reply.expect("an answer").status() == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_head_that_is_too_large_or_has_too_many_headers_is_answered_with_431() {
    let app = TestApp::start_without_database(&["--header-limit=10000"]);
    for headers in [format!("x: {}\r\n", "a".repeat(10_000)), "x: a\r\n".repeat(101)] {
        let reply = client::exchange(
            app.address(),
            &format!("GET /echo HTTP/1.1\r\nhost: test\r\n{headers}\r\n"),
        )
        .await;
        assert!(reply.starts_with("HTTP/1.1 431 "), "{reply}");
    }
    let long = format!(
        "GET /echo HTTP/1.1\r\nhost: test\r\nconnection: close\r\nx: {}\r\n\r\n",
        "a".repeat(9_000)
    );
    assert!(
        client::exchange(app.address(), &long)
            .await
            .starts_with("HTTP/1.1 200 ")
    );
}

#[tokio::test]
async fn a_client_that_does_not_send_its_first_head_in_time_is_disconnected() {
    let app = TestApp::start_without_database(&["--header-timeout=100ms"]);
    assert!(is_closed(client::send(app.address(), "GET /echo HT").await).await);
    assert!(
        is_closed(client::send(app.address(), "").await).await,
        "even one that sends nothing"
    );
}

#[tokio::test]
async fn the_header_time_limit_restarts_with_each_request_and_pauses_during_one() {
    let app = TestApp::start_without_database(&["--header-timeout=2s", "--ping-delay=constant:3s"]);
    let mut connection = Connection::open(app.address()).await;
    for path in ["/echo", "/ping", "/echo", "/echo"] {
        assert_eq!(connection.status_of("GET", path).await, 200, "{path}");
        sleep(Duration::from_millis(600)).await;
    }
}

#[tokio::test]
async fn idle_connections_are_evicted_for_new_ones_unused_ones_first() {
    let app = TestApp::start_without_database(&["--max-connections=4"]);
    let mut regular = Connection::open(app.address()).await;
    assert_eq!(regular.status_of("GET", "/echo").await, 200);

    let mut idle = Vec::new();
    for _ in 0..4 {
        idle.push(client::send(app.address(), "GET /echo HT").await);
    }
    assert_eq!(app.get("/echo").await.status(), 200, "a new client finds room");
    assert_eq!(
        regular.status_of("GET", "/echo").await,
        200,
        "the one that is used stays"
    );
    let metrics = app.metrics().await;
    assert!(metrics.value("http_connections") <= 4.0);
    assert_eq!(metrics.value("http_max_connections"), 4.0);
    assert!(metrics.value("http_connections_evicted_total") >= 2.0);
}

#[tokio::test]
async fn a_busy_connection_is_not_evicted() {
    let app = TestApp::start_without_database(&["--max-connections=2", "--ping-delay=constant:300ms"]);
    let mut busy = client::send(
        app.address(),
        "GET /ping HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n",
    )
    .await;
    for _ in 0..10 {
        client::send(app.address(), "GET ").await;
    }
    let mut reply = String::new();
    busy.read_to_string(&mut reply).await.expect("the reply");
    assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
}

#[tokio::test]
async fn hundreds_of_new_clients_connect_at_once_though_there_is_no_room_for_them_yet() {
    let app = TestApp::start_without_database(&["--max-connections=1", "--body-timeout=60s"]);
    let mut busy = client::send(
        app.address(),
        "POST /echo HTTP/1.1\r\nhost: test\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\n",
    )
    .await;
    busy.read_exact(&mut [0; 25])
        .await
        .expect("it may go on, so it is in progress");
    let mut clients = JoinSet::new();
    for _ in 0..300 {
        clients.spawn(TcpStream::connect(app.address().to_owned()));
    }
    // Where the queue is full, the kernel drops a client's packets, and it waits until there is room.
    let connected = timeout(Duration::from_secs(20), clients.join_all()).await;
    let connected = connected.expect("no client waits for another to leave");
    assert!(connected.iter().all(Result::is_ok), "{connected:?}");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_disconnected_and_its_memory_freed() {
    const LARGE: usize = 24 << 20;
    let (limit, memory) = (format!("--body-limit={LARGE}"), format!("--body-memory={}", 2 * LARGE));
    let app = TestApp::start_without_database(&[&limit, &memory, "--write-timeout=200ms"]);
    let mut deaf = client::send(app.address(), "").await;
    let head = format!("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: {LARGE}\r\n\r\n");
    deaf.write_all(head.as_bytes()).await.expect("it is sent");
    deaf.write_all(&vec![b'a'; LARGE]).await.expect("it is sent");
    eventually("its connection is closed", async || {
        // That of the question itself is open.
        (app.metrics().await.value("http_connections") == 1.0).then_some(())
    })
    .await;
    let aborted = r#"http_requests_total{method="POST",path="/echo",status_code="200"}"#;
    assert_eq!(app.metrics().await.get(aborted), Some(1.0));
}

async fn panicking() -> &'static str {
    panic!("on purpose")
}

#[tokio::test]
async fn a_handler_that_panics_answers_500_and_the_next_request_is_served() {
    let registry = Registry::new();
    let (http, metrics) = (
        RedMetrics::register(&registry).expect("an empty registry"),
        ServerMetrics::register(&registry).expect("an empty registry"),
    );
    let CommandLine { limits } = CommandLine::parse_from(["observer", "--max-concurrent-requests=1"]);
    let routes = MonitoredRouter::new()
        .route("/panic", get(panicking), Monitoring::of([Method::GET]))
        .route("/fine", get(async || "fine"), Monitoring::of([Method::GET]));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let service = middleware::apply(routes.into_parts(), Some(&http), &metrics, 1000, &limits);
    tokio::spawn(server::serve(
        listener,
        service,
        std::future::pending(),
        limits,
        metrics,
    ));

    for (path, status) in [("/panic", 500), ("/panic", 500), ("/fine", 200)] {
        let reply = reqwest::get(format!("{url}{path}")).await.expect("an answer");
        assert_eq!(reply.status(), status, "{path}");
    }
    let text = red_metrics::encode(&registry).expect("a text");
    assert!(
        text.contains(r#"http_requests_total{method="GET",path="/panic",status_code="500"} 2"#),
        "{text}"
    );
}

#[tokio::test]
async fn during_the_shutdown_delay_it_is_not_ready_and_still_serves() {
    let app = TestApp::start_without_database(&["--shutdown-delay=500ms"]);
    let (url, address) = (app.url.clone(), app.address().to_owned());
    let mut regular = Connection::open(&address).await;
    assert_eq!(regular.status_of("GET", "/echo").await, 200);
    let told = Instant::now();
    let stopped = tokio::spawn(app.stop());

    eventually("it says that it is about to end", async || {
        let reply = reqwest::get(format!("{url}/readyz")).await.expect("it still serves");
        let text = reply.text().await.expect("the body");
        text.contains("shutting down").then_some(())
    })
    .await;
    let reply = reqwest::get(format!("{url}/echo")).await.expect("it still serves");
    assert_eq!(
        (reply.status().as_u16(), &reply.headers()["connection"]),
        (200, &"close".parse().expect("a value"))
    );
    assert_eq!(
        regular.status_of("GET", "/echo").await,
        200,
        "an old connection is served once more"
    );

    stopped.await.expect("it ends");
    assert!(told.elapsed() >= Duration::from_millis(500));
    assert!(
        TcpStream::connect(&address).await.is_err(),
        "then it takes no connection"
    );
}

#[tokio::test]
async fn idle_clients_do_not_delay_the_shutdown() {
    let app = TestApp::start_without_database(&["--shutdown-timeout=60s"]);
    let _half = client::send(app.address(), "GET /echo HT").await;
    let _nothing = client::send(app.address(), "").await;
    assert_eq!(app.get("/echo").await.status(), 200);
    let told = Instant::now();
    app.stop().await;
    assert!(told.elapsed() < Duration::from_secs(30), "it took {:?}", told.elapsed());
}

/// The middleware needs nothing of this crate's own server.
#[tokio::test]
async fn the_limits_hold_under_axum_serve_too() {
    let metrics = ServerMetrics::register(&Registry::new()).expect("an empty registry");
    let flags = ["observer", "--body-timeout=300ms", "--max-concurrent-requests=1"];
    let CommandLine { limits } = CommandLine::parse_from(flags);
    let request_limits = Arc::new(RequestLimits::new(1000, vec!["/fine".to_owned()], &limits, &metrics));
    let router = Router::new()
        .route("/slow", get(std::future::pending::<()>))
        .route("/fine", get(async || "fine").post(async |body: String| body))
        .layer(layer_fn(move |route| {
            LimitRequests::new(route, Arc::clone(&request_limits))
        }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(axum::serve(listener, router).into_future());

    let _running = client::send(&address, "GET /slow HTTP/1.1\r\nhost: test\r\n\r\n").await;
    eventually("the one place is taken", async || {
        let second = "GET /slow HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
        let asked = timeout(Duration::from_millis(100), client::exchange(&address, second)).await;
        asked
            .is_ok_and(|reply| reply.starts_with("HTTP/1.1 503 "))
            .then_some(())
    })
    .await;
    let unfinished = "POST /fine HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\na";
    let mut slow = client::send(&address, unfinished).await;
    let mut reply = [0; 12];
    slow.read_exact(&mut reply).await.expect("an answer");
    assert_eq!(&reply, b"HTTP/1.1 408");
    let whole = "POST /fine HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
    assert!(client::exchange(&address, whole).await.ends_with("ok"));
}
