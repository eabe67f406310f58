//! What is forwarded to the parts, and what happens while one is away.

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::{
    process::{Console, reply},
    upstream::Upstream,
};

async fn console(upstream: &Upstream) -> Console {
    Console::start(&upstream.url, Path::new("/nonexistent"), &[]).await
}

#[tokio::test]
async fn what_the_pages_need_is_forwarded_and_nothing_else() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    for (path, expected) in [
        (
            "/api/prometheus/query?query=up%7Bjob%3D%22app%22%7D",
            "GET /api/v1/query?query=up%7Bjob%3D%22app%22%7D",
        ),
        (
            "/api/prometheus/query_range?query=up&step=5",
            "GET /api/v1/query_range?query=up&step=5",
        ),
        ("/api/prometheus/label/job/values", "GET /api/v1/label/job/values"),
        ("/api/prometheus/rules?type=alert", "GET /api/v1/rules?type=alert"),
        ("/api/prometheus/targets", "GET /api/v1/targets"),
        ("/api/alertmanager/alerts", "GET /api/v2/alerts"),
        ("/api/alertmanager/groups", "GET /api/v2/alerts/groups"),
        ("/api/alertmanager/silences", "GET /api/v2/silences"),
        ("/api/pager/pages", "GET /api/pages"),
    ] {
        assert_eq!(console.ask(path).await.0, StatusCode::OK, "{path}");
        assert_eq!(upstream.asked(), [expected], "{path}");
    }
    for path in [
        "/api/prometheus/admin/tsdb/snapshot",
        "/api/prometheus/status/config",
        "/api/prometheus/labels",
        "/api/prometheus/label/job",
        "/api/prometheus/label/..%2F..%2Fstatus/config",
        "/api/prometheus/../../-/reload",
        "/api/alertmanager/status",
        "/api/pager/alerts",
    ] {
        assert_eq!(console.ask(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let (status, _) = reply(console.request(method.clone(), "/api/prometheus/query?query=up")).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(upstream.asked(), [""; 0]);
}

#[tokio::test]
async fn a_label_cannot_lead_to_another_path() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    console.ask("/api/prometheus/label/%2E%2E/values").await;
    console.ask("/api/prometheus/label/a%3Fb/values").await;
    for line in upstream.asked() {
        assert!(line.starts_with("GET /api/v1/label/"), "{line}");
    }
}

#[tokio::test]
async fn the_words_of_prometheus_reach_the_page() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    let (status, body) = console.ask("/api/prometheus/query?query=unclosed").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body["error"], "parse error: unclosed left parenthesis");
}

#[tokio::test]
async fn a_503_names_the_part_that_does_not_answer_unless_prometheus_gives_a_reason() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    let (status, body) = console.ask("/api/prometheus/query?query=expensive").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["error"], "query timed out in expression evaluation");
    assert!(body["part"].is_null(), "{body}");
    let (status, body) = console.ask("/api/prometheus/query?query=starting").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!(body["part"], "Prometheus");
}

#[tokio::test]
async fn it_is_known_since_when_a_part_is_away_though_no_page_has_asked() {
    let upstream = Upstream::start().await;
    let grafana = format!("--grafana-url={}", upstream.url);
    let console = Console::start(&upstream.url, Path::new("/nonexistent"), &[&grafana]).await;
    drop(upstream);
    for (part, name) in [
        ("Grafana", "grafana"),
        ("Prometheus", "prometheus"),
        ("Alertmanager", "alertmanager"),
        ("the pager", "pager"),
    ] {
        let line = console.wait_for_line(&format!("\"part\":\"{part}\"")).await;
        let line: Value = serde_json::from_str(&line).expect("JSON");
        let part = console.part(name).await;
        let since = &part["problem"]["since"];
        assert!(time(since) <= time(&line["timestamp"]), "{part}, {line}");
    }
}

#[tokio::test]
async fn a_part_that_is_not_healthy_is_away_though_it_answers_requests() {
    let upstream = Upstream::start().await;
    upstream.set_healthy(false);
    let console = console(&upstream).await;
    console.wait_for_line("\"part\":\"Prometheus\"").await;
    let since = console.part("prometheus").await["problem"]["since"].clone();
    assert!(since.is_string(), "{since}");
    let checks = upstream.health_checks();
    // Each of the three parts is checked again meanwhile.
    while upstream.health_checks() < checks + 6 {
        assert_eq!(console.ask("/api/prometheus/query?query=up").await.0, StatusCode::OK);
        let part = console.part("prometheus").await;
        assert_eq!(part["problem"]["since"], since, "{part}");
        sleep(Duration::from_millis(100)).await;
    }
    upstream.set_healthy(true);
    console.wait_for_line("answers again").await;
}

#[tokio::test]
async fn a_healthy_part_is_not_away_because_one_request_fails() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    let (status, problem) = console.ask("/api/prometheus/query?query=starting").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!(
        (&problem["part"], &problem["since"]),
        (&json!("Prometheus"), &Value::Null)
    );
    let part = console.part("prometheus").await;
    assert_eq!((&part["answers"], &part["problem"]), (&json!(true), &Value::Null));
}

#[tokio::test]
async fn a_page_that_asks_for_the_parts_does_not_check_them() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    let requests = 100;
    for _ in 0..requests {
        assert_eq!(console.ask("/api/parts").await.0, StatusCode::OK);
    }
    // Those of the console itself, every few seconds.
    assert!(upstream.health_checks() < requests, "{}", upstream.health_checks());
}

/// In microseconds, as exact as the log.
fn time(value: &Value) -> i64 {
    let time: Timestamp = value.as_str().expect("text").parse().expect("a time");
    time.as_microsecond()
}

#[tokio::test]
async fn silences_are_made_and_ended() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    let silence = json!({
        "matchers": [{ "name": "job", "value": "beta", "isRegex": false, "isEqual": true }],
        "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2026-01-01T01:00:00Z", "createdBy": "me", "comment": "planned",
    });
    let send = |body: String| {
        let request = console.request(Method::POST, "/api/alertmanager/silences");
        reply(request.header("content-type", "application/json").body(body))
    };
    assert_eq!(send(silence.to_string()).await.0, StatusCode::OK);
    let asked = upstream.asked();
    let (head, body) = asked[0].split_once(" {").expect("a body");
    assert_eq!(head, "POST /api/v2/silences");
    assert_eq!(
        serde_json::from_str::<Value>(&format!("{{{body}")).expect("JSON"),
        silence
    );

    let (status, _) = reply(console.request(Method::DELETE, "/api/alertmanager/silences/ab-12")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(upstream.asked(), ["DELETE /api/v2/silence/ab-12"]);

    for wrong in [json!({}), json!({ "matchers": 1 })] {
        assert!(send(wrong.to_string()).await.0.is_client_error(), "{wrong}");
    }
    assert_eq!(upstream.asked(), [""; 0]);
}

#[tokio::test]
async fn a_part_that_is_away_is_named_with_since_when_until_it_answers_again() {
    let upstream = Upstream::start().await;
    let console = console(&upstream).await;
    let address = upstream.url.trim_start_matches("http://").to_owned();
    drop(upstream);

    let (status, first) = console.ask("/api/prometheus/query?query=up").await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert_eq!(first["part"], "Prometheus");
    assert!(
        first["detail"].as_str().expect("text").starts_with("Prometheus "),
        "{first}"
    );
    assert!(first["since"].is_string(), "{first}");
    let (_, second) = console.ask("/api/prometheus/rules").await;
    assert_eq!(first["since"], second["since"]);
    assert_eq!(console.part("prometheus").await["problem"]["since"], first["since"]);

    let _upstream = Upstream::start_at(&address).await;
    assert_eq!(console.ask("/api/prometheus/query?query=up").await.0, StatusCode::OK);
    console.wait_for_line("answers again").await;
}
