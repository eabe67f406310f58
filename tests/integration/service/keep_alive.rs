//! How long a connection lives: half-closed by its client, idle, or in the middle of a head.

use std::time::Duration;

use test_support::{
    client::{self, Connection},
    exposition::eventually,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::app::TestApp;

/// Sends a request, closes the sending half at once, and reads the reply to its end, as `nc -N` does.
async fn half_closed(address: &str, request: &str) -> String {
    let mut stream = client::send(address, request).await;
    stream.shutdown().await.expect("the sending half closes");
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.expect("the reply");
    reply
}

/// The bytes that arrive until the server closes the connection, or `None` if it stays open.
async fn end_of(stream: &mut TcpStream, within: Duration) -> Option<String> {
    let mut rest = Vec::new();
    timeout(within, stream.read_to_end(&mut rest)).await.ok()?.ok()?;
    Some(String::from_utf8_lossy(&rest).into_owned())
}

#[tokio::test]
async fn a_client_that_closes_its_sending_half_gets_its_answer_and_every_request_is_counted() {
    let app = TestApp::start_without_database(&["--ping-delay=constant:50ms"]);
    let echo = "POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: 5\r\n\r\nhello";
    for _ in 0..100 {
        let reply = half_closed(app.address(), echo).await;
        assert!(
            reply.starts_with("HTTP/1.1 200 ") && reply.ends_with("hello"),
            "{reply}"
        );
    }
    let ping = "GET /ping HTTP/1.1\r\nhost: test\r\n\r\n";
    let replies = (0..100).map(|_| half_closed(app.address(), ping));
    for reply in futures_util::future::join_all(replies).await {
        assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
    }
    let metrics = app.metrics().await;
    let counted = |method: &str, path: &str| {
        metrics.value(&format!(
            r#"http_requests_total{{method="{method}",path="{path}",status_code="200"}}"#
        ))
    };
    assert_eq!(counted("POST", "/echo"), 100.0);
    assert_eq!(counted("GET", "/ping"), 100.0);
}

#[tokio::test]
async fn a_client_that_has_left_is_noticed_although_it_might_only_have_closed_its_sending_half() {
    let app = TestApp::start_without_database(&["--ping-delay=constant:1m", "--request-timeout=2m"]);
    drop(client::send(app.address(), "GET /ping HTTP/1.1\r\nhost: test\r\n\r\n").await);
    let aborted = r#"http_requests_total{method="GET",path="/ping",status_code="aborted"}"#;
    eventually("the request is recorded as aborted", async || {
        let metrics = app.metrics().await;
        (metrics.get(aborted) == Some(1.0) && metrics.sum("http_concurrent_requests") == 0.0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_stays_open_announces_for_how_long() {
    let app = TestApp::start_without_database(&["--idle-timeout=7900ms"]);
    let head = |request: &'static str| {
        let address = app.address();
        async move { half_closed(address, request).await.to_ascii_lowercase() }
    };
    let kept = head("GET /echo HTTP/1.1\r\nhost: test\r\n\r\n").await;
    assert!(kept.contains("\r\nkeep-alive: timeout=7\r\n"), "{kept}");
    let kept = head("GET /echo HTTP/1.0\r\nconnection: keep-alive\r\n\r\n").await;
    assert!(kept.contains("\r\nkeep-alive: timeout=7\r\n"), "{kept}");
    for request in [
        "GET /echo HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n",
        "GET /echo HTTP/1.0\r\n\r\n",
    ] {
        let closed = head(request).await;
        assert!(!closed.contains("keep-alive:"), "{closed}");
    }
}

#[tokio::test]
async fn an_idle_connection_and_a_head_that_is_arriving_have_limits_of_their_own() {
    let app = TestApp::start_without_database(&["--header-timeout=300ms", "--idle-timeout=1m"]);
    let mut idle = Connection::open(app.address()).await;
    assert_eq!(idle.status_of("GET", "/echo").await, 200);

    // The head of a second request, a byte now and then.
    let mut slow = client::send(app.address(), "GET /echo HTTP/1.1\r\nhost: test\r\n\r\n").await;
    let dribble = async {
        loop {
            sleep(Duration::from_millis(100)).await;
            if slow.write_all(b"G").await.is_err() {
                break;
            }
        }
    };
    assert!(
        timeout(Duration::from_secs(10), dribble).await.is_ok(),
        "the slow head is cut off"
    );
    assert_eq!(idle.status_of("GET", "/echo").await, 200, "the idle connection is not");

    let app = TestApp::start_without_database(&["--header-timeout=1m", "--idle-timeout=300ms"]);
    let mut used = client::send(app.address(), "GET /echo HTTP/1.1\r\nhost: test\r\n\r\n").await;
    let reply = end_of(&mut used, Duration::from_secs(10)).await;
    assert!(
        reply
            .expect("the idle connection is closed")
            .starts_with("HTTP/1.1 200 ")
    );
    let mut unused = client::send(app.address(), "GET /echo HT").await;
    assert_eq!(end_of(&mut unused, Duration::from_secs(1)).await, None);
}
