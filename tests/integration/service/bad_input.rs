//! What a client does wrong is answered clearly, and nothing from inside is told.

use reqwest::{Client, Method, Response, header};
use serde_json::Value;

use crate::app::TestApp;

/// The fields of an error reply.
async fn problem(reply: Response) -> Value {
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/problem+json");
    let status = reply.status().as_u16();
    let problem: Value = serde_json::from_slice(&reply.bytes().await.expect("the body")).expect("JSON");
    assert_eq!(problem["status"], status);
    problem
}

#[tokio::test]
async fn a_body_over_the_limit_is_answered_with_413() {
    let app = TestApp::start_without_database(&["--body-limit=1000"]);
    let client = Client::new();
    let at_the_limit = client.post(app.at("/echo")).body(vec![b'a'; 1000]).send().await;
    assert_eq!(at_the_limit.expect("an answer").status(), 200);

    let over = client
        .post(app.at("/echo"))
        .body(vec![b'a'; 1001])
        .send()
        .await
        .expect("an answer");
    assert_eq!(over.status(), 413);
    assert_eq!(
        problem(over).await["detail"],
        "The body is larger than this service takes."
    );
}

#[tokio::test]
async fn an_oversized_body_is_answered_and_keeps_the_connection() {
    let app = TestApp::start_without_database(&["--body-limit=1000"]);
    let client = Client::builder().pool_max_idle_per_host(1).build().expect("a client");
    for _ in 0..20 {
        let reply = client
            .post(app.at("/echo"))
            .body(vec![b'a'; 8 << 20])
            .send()
            .await
            .expect("an answer");
        assert_eq!(reply.status(), 413);
        reply.bytes().await.expect("the body");
    }
}

#[tokio::test]
async fn the_default_limit_of_a_body_is_one_mebibyte() {
    let app = TestApp::start_without_database(&[]);
    for (length, status) in [(1 << 20, 200), ((1 << 20) + 1, 413)] {
        let reply = Client::new()
            .post(app.at("/echo"))
            .body(vec![b'a'; length])
            .send()
            .await;
        assert_eq!(reply.expect("an answer").status(), status, "{length} bytes");
    }
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_405_and_the_methods_that_are_allowed() {
    let app = TestApp::start_without_database(&[]);
    for (path, allowed) in [
        ("/ping", "GET,HEAD,POST"),
        ("/counter", "GET,HEAD"),
        ("/metrics", "GET,HEAD"),
    ] {
        let reply = Client::new()
            .request(Method::DELETE, app.at(path))
            .send()
            .await
            .expect("an answer");
        assert_eq!(reply.status(), 405);
        assert_eq!(reply.headers()[header::ALLOW], allowed, "{path}");
        problem(reply).await;
    }
}

#[tokio::test]
async fn an_unknown_path_is_answered_with_404() {
    let app = TestApp::start_without_database(&[]);
    for path in ["/nowhere", "/ping/", "/ping/../echo/x", "/%2e%2e/etc"] {
        let reply = app.get(path).await;
        assert_eq!(reply.status(), 404, "{path}");
        problem(reply).await;
    }
}

#[tokio::test]
async fn a_database_error_reveals_no_internals() {
    let app = TestApp::start_without_database(&[]);
    for path in ["/counter", "/readyz"] {
        let reply = app.get(path).await;
        assert_eq!(reply.status(), 503, "{path}");
        let text = reply.text().await.expect("the body").to_lowercase();
        for inside in ["127.0.0.1", "refused", "sqlx", "pool", "io error", "os error"] {
            assert!(!text.contains(inside), "{path} tells of '{inside}': {text}");
        }
    }
}

#[tokio::test]
async fn random_paths_and_methods_add_no_series() {
    let app = TestApp::start_without_database(&[]);
    let before = app.metrics().await;
    let mut connection = test_support::client::Connection::open(app.address()).await;
    for number in 0..10_000_u32 {
        assert_eq!(connection.status_of("GET", &format!("/{number:x}")).await, 404);
    }
    for number in 0..100 {
        assert_eq!(connection.status_of(&format!("VERB{number}"), "/ping").await, 405);
    }
    assert_eq!(app.metrics().await.series_set(), before.series_set());
}
