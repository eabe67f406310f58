//! The service under `axum::serve`, and what it exposes.

use outside_crate::service;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Sends a request to the address, and returns the whole response.
async fn exchange(address: &str, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("the request is sent");
    let mut response = String::new();
    stream
        .read_to_string(&mut response)
        .await
        .expect("the response is text");
    response
}

#[tokio::test]
async fn nested_and_merged_routes_are_measured_with_the_chosen_buckets_and_labels() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(axum::serve(listener, service().expect("an empty registry")).into_future());

    for (method, path) in [
        ("GET", "/orders/7"),
        ("GET", "/orders/8"),
        ("POST", "/orders"),
        ("GET", "/users/1"),
        ("DELETE", "/users/1"),
        ("GET", "/nowhere"),
    ] {
        exchange(&address, method, path).await;
    }
    let text = exchange(&address, "GET", "/metrics").await;
    for line in [
        r#"http_requests_total{method="GET",path="/orders/{id}",status="200"} 2"#,
        r#"http_requests_total{method="POST",path="/orders",status="200"} 1"#,
        r#"http_requests_total{method="GET",path="/users/{id}",status="200"} 1"#,
        r#"http_requests_total{method="DELETE",path="/users/{id}",status="405"} 1"#,
        r#"http_requests_total{method="GET",path="unmatched",status="404"} 1"#,
        r#"http_request_duration_seconds_bucket{method="GET",path="/orders/{id}",status="200",le="1"} 2"#,
        r#"http_concurrent_requests{method="GET",path="/orders/{id}"} 0"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing:\n{text}");
    }
    assert!(!text.contains(r#"le="0.25""#), "the default buckets are not there");
    assert!(
        !text.contains(r#"path="/metrics""#),
        "the scrape itself is not measured"
    );
}
