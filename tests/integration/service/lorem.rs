//! Filler text: of the length that was asked for, no more often than the rate limit lets, and measured by itself.

use reqwest::{Client, Response, header};
use serde_json::Value;

use crate::app::TestApp;

/// A bucket that no test empties.
const ENOUGH: &str = "--lorem-burst=1000";

const ROUTE: &str = "/lorem/{kind}/{min}/{max}";

async fn json(reply: Response) -> Value {
    serde_json::from_slice(&reply.bytes().await.expect("the body")).expect("JSON")
}

/// The text of a reply that must be one.
async fn text(reply: Response) -> String {
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/json");
    json(reply).await["message"].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn each_kind_has_the_requested_length() {
    let app = TestApp::start_without_database(&[ENOUGH]);
    for _ in 0..20 {
        let word = text(app.get("/lorem/word/4/9").await).await;
        assert!((4..=9).contains(&word.len()), "{word}");
        let sentence = text(app.get("/lorem/sentence/5/7").await).await;
        assert!((5..=7).contains(&sentence.split(' ').count()), "{sentence}");
        let paragraph = text(app.get("/lorem/paragraph/2/3").await).await;
        assert!((2..=3).contains(&paragraph.matches('.').count()), "{paragraph}");
    }
}

#[tokio::test]
async fn the_longest_of_each_kind_is_served() {
    let app = TestApp::start_without_database(&[ENOUGH]);
    let of = async |kind| text(app.get(&format!("/lorem/{kind}/10000/10000")).await).await;
    assert_eq!(of("word").await.len(), 10_000);
    assert_eq!(of("sentence").await.split(' ').count(), 10_000);
    assert_eq!(of("paragraph").await.matches('.').count(), 10_000);
}

#[tokio::test]
async fn post_works_like_get() {
    let app = TestApp::start_without_database(&[ENOUGH]);
    let reply = Client::new()
        .post(app.at("/lorem/word/5/5"))
        .body("ignored")
        .send()
        .await;
    assert_eq!(text(reply.expect("an answer")).await.len(), 5);
}

#[tokio::test]
async fn an_invalid_parameter_is_rejected_and_named() {
    let app = TestApp::start_without_database(&["--lorem-burst=1", "--lorem-rate=0.001"]);
    let number = "expected a whole number from 1 to 10000.";
    for (path, detail) in [
        (
            "verse/1/5",
            r#"kind is "verse"; expected word, sentence or paragraph."#.to_owned(),
        ),
        (
            "Word/1/5",
            r#"kind is "Word"; expected word, sentence or paragraph."#.to_owned(),
        ),
        ("word/0/5", format!(r#"min is "0"; {number}"#)),
        ("word/five/5", format!(r#"min is "five"; {number}"#)),
        ("word/1/0", format!(r#"max is "0"; {number}"#)),
        ("word/1/10001", format!(r#"max is "10001"; {number}"#)),
        ("word/1/-5", format!(r#"max is "-5"; {number}"#)),
        ("word/1/1.5", format!(r#"max is "1.5"; {number}"#)),
        (
            "sentence/9/5",
            r#"min is "9"; expected at most max, which is 5."#.to_owned(),
        ),
        ("word/%ff/5", "The path is not valid UTF-8.".to_owned()),
    ] {
        let reply = app.get(&format!("/lorem/{path}")).await;
        assert_eq!(reply.status(), 400, "{path}");
        assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(json(reply).await["detail"], detail, "{path}");
    }
    // None of them has used up the one call that the rate limit has left.
    assert_eq!(app.get("/lorem/word/1/5").await.status(), 200);
}

#[tokio::test]
async fn over_the_rate_limit_it_answers_429_and_says_when_to_try_again() {
    let app = TestApp::start_without_database(&["--lorem-rate=0.1"]);
    for _ in 0..5 {
        assert_eq!(app.get("/lorem/word/1/5").await.status(), 200, "the default burst");
    }
    let reply = app.get("/lorem/paragraph/1/5").await;
    assert_eq!(reply.status(), 429);
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/problem+json");
    let seconds: u32 = reply.headers()[header::RETRY_AFTER]
        .to_str()
        .expect("visible ASCII")
        .parse()
        .expect("whole seconds");
    assert!(
        (1..=10).contains(&seconds),
        "one call in 10 s, so not after {seconds} s"
    );
    assert_eq!(json(reply).await["status"], 429);
    assert_eq!(app.get("/echo").await.status(), 200, "other routes have no part in it");
}

#[tokio::test]
async fn http_and_service_metrics_agree_except_for_rejected_requests() {
    let app = TestApp::start_without_database(&["--lorem-burst=40", "--lorem-rate=0.001"]);
    let client = Client::new();
    let (mut answered, mut refused) = (0, 0);
    for number in 0..90 {
        let kind = ["word", "sentence", "paragraph"][number % 3];
        let url = app.at(&format!("/lorem/{kind}/2/{}", if number % 10 == 0 { 0 } else { 5 }));
        let request = if number % 2 == 0 {
            client.get(url)
        } else {
            client.post(url)
        };
        match request.send().await.expect("an answer").status().as_u16() {
            200 => answered += 1,
            400 | 429 => refused += 1,
            other => panic!("status {other}"),
        }
    }
    assert_eq!((answered, refused), (40, 50), "as the burst says");

    let metrics = app.metrics().await;
    let at_the_boundary = |status| {
        ["GET", "POST"]
            .map(|method| {
                let labels = format!(r#"method="{method}",path="{ROUTE}",status_code="{status}""#);
                metrics.value(&format!("http_requests_total{{{labels}}}"))
            })
            .iter()
            .sum::<f64>()
    };
    assert_eq!(at_the_boundary(200), 40.0);
    assert_eq!((at_the_boundary(400), at_the_boundary(429)), (9.0, 41.0));
    for in_the_service in [
        "lorem_request_count",
        "lorem_request_latency_seconds_count",
        "lorem_request_duration_seconds_count",
    ] {
        assert_eq!(metrics.sum(in_the_service), at_the_boundary(200), "{in_the_service}");
    }
}

#[tokio::test]
async fn each_method_is_measured_by_itself() {
    let app = TestApp::start_without_database(&[ENOUGH]);
    let before = app.metrics().await;
    for (kind, calls) in [("word", 3), ("sentence", 2)] {
        for _ in 0..calls {
            app.get(&format!("/lorem/{kind}/5/10")).await;
        }
    }
    let after = app.metrics().await;
    for (kind, calls) in [("word", 3.0), ("sentence", 2.0), ("paragraph", 0.0)] {
        let value = |metrics: &test_support::exposition::Exposition, name: &str| {
            metrics.value(&format!(r#"{name}{{method="{kind}"}}"#))
        };
        assert_eq!(value(&before, "lorem_request_count"), 0.0, "it is there from the start");
        assert_eq!(value(&after, "lorem_request_count"), calls);
        let median = after.value(&format!(
            r#"lorem_request_latency_seconds{{method="{kind}",quantile="0.5"}}"#
        ));
        assert_eq!(median.is_nan(), calls == 0.0, "{kind}: {median}");
        let (sum, total) = (
            value(&after, "lorem_request_latency_seconds_sum"),
            value(&after, "lorem_request_duration_seconds_sum"),
        );
        assert!(
            (sum - total).abs() < 1e-9,
            "summary and histogram time the same calls: {sum}, {total}"
        );
        assert!(sum > 0.0 || calls == 0.0);
    }
}
