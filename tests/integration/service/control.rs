//! The faults are changed while the service runs.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use test_support::{
    client,
    exposition::{Exposition, eventually},
};

use crate::app::TestApp;

/// Asks the control listener.
async fn ask(app: &TestApp, method: Method, body: &str) -> Response {
    let request = Client::new().request(method, format!("{}/faults", app.control_url));
    request.body(body.to_owned()).send().await.expect("an answer")
}

async fn json_of(reply: Response) -> Value {
    serde_json::from_slice(&reply.bytes().await.expect("the body")).expect("JSON")
}

/// Puts a plan in force, which must be taken, and returns the answer.
async fn put(app: &TestApp, plan: Value) -> Value {
    let reply = ask(app, Method::PUT, &plan.to_string()).await;
    assert_eq!(reply.status(), 200);
    json_of(reply).await
}

async fn show(app: &TestApp) -> Value {
    json_of(ask(app, Method::GET, "").await).await
}

/// The metrics once this many requests to a path have ended in this way.
async fn after(app: &TestApp, labels: &str, requests: f64) -> Exposition {
    let series = format!("http_requests_total{{{labels}}}");
    eventually(&format!("{series} is {requests}"), async || {
        let metrics = app.metrics().await;
        (metrics.get(&series) == Some(requests)).then_some(metrics)
    })
    .await
}

#[tokio::test]
async fn the_start_up_plan_is_shown_until_another_is_put() {
    let app = TestApp::start_without_database(&["--echo-error-ratio=0.25", "--ping-delay=uniform:5ms:150ms"]);
    let quiet = json!(
        { "error_ratio": 0.0, "error_status": 500, "delay": "none", "hang_ratio": 0.0, "drop_ratio": 0.0 }
    );
    let (mut ping, mut echo) = (quiet.clone(), quiet.clone());
    ping["delay"] = "uniform:5ms:150ms".into();
    echo["error_ratio"] = 0.25.into();
    let startup = json!({
        "plan": { "ping": ping, "echo": echo, "counter": quiet },
        "ends_in_seconds": null,
        "origin": "startup",
    });
    assert_eq!(show(&app).await, startup);

    let answer = put(&app, json!({ "counter": { "error_ratio": 1 } })).await;
    assert_eq!(answer["origin"], "control");
    assert_eq!(answer["plan"]["counter"]["error_ratio"], 1.0);
    assert_eq!(answer["plan"]["ping"], ping, "what is not named has its start-up value");
    assert_eq!(show(&app).await, answer);

    // Not what the last plan said.
    assert_eq!(put(&app, json!({})).await["plan"], startup["plan"]);

    assert_eq!(json_of(ask(&app, Method::DELETE, "").await).await, startup);
    assert_eq!(show(&app).await, startup);
}

#[tokio::test]
async fn the_next_request_follows_a_new_plan() {
    let app = TestApp::start_without_database(&[]);
    assert_eq!(app.get("/echo").await.status(), 200);
    put(&app, json!({ "echo": { "error_ratio": 1, "error_status": 503 } })).await;
    let reply = app.get("/echo").await;
    assert_eq!(reply.status(), 503);
    let problem = json_of(reply).await;
    assert_eq!((&problem["injected"], &problem["status"]), (&json!(true), &json!(503)));
    ask(&app, Method::DELETE, "").await;
    assert_eq!(app.get("/echo").await.status(), 200);
}

#[tokio::test]
async fn the_metrics_follow_the_plan() {
    let app = TestApp::start_without_database(&["--ping-error-ratio=0.25"]);
    let in_force = |origin: &str| format!(r#"fault_plan_in_force{{origin="{origin}"}}"#);
    assert_eq!(app.metrics().await.value(&in_force("startup")), 1.0);

    let plan = json!({
        "ping": { "error_ratio": 0.5, "delay": "constant:20ms" },
        "echo": { "hang_ratio": 0.1, "drop_ratio": 0.2 },
    });
    put(&app, plan).await;
    let metrics = app.metrics().await;
    for (series, value) in [
        (r#"fault_error_ratio{path="/ping"}"#, 0.5),
        (r#"fault_delay_seconds{bound="upper",path="/ping"}"#, 0.02),
        (r#"fault_hang_ratio{path="/echo"}"#, 0.1),
        (r#"fault_drop_ratio{path="/echo"}"#, 0.2),
        (r#"fault_drop_ratio{path="/ping"}"#, 0.0),
        (&in_force("startup"), 0.0),
        (&in_force("control"), 1.0),
        (&in_force("incident"), 0.0),
    ] {
        assert_eq!(metrics.value(series), value, "{series}");
    }

    ask(&app, Method::DELETE, "").await;
    let metrics = app.metrics().await;
    assert_eq!(metrics.value(r#"fault_error_ratio{path="/ping"}"#), 0.25);
    assert_eq!(metrics.value(&in_force("startup")), 1.0);
}

#[tokio::test]
async fn a_plan_with_a_duration_ends_by_itself() {
    let app = TestApp::start_without_database(&[]);
    let answer = put(&app, json!({ "echo": { "error_ratio": 1 }, "for": "3s" })).await;
    let left = answer["ends_in_seconds"].as_f64().expect("a number");
    assert!(left > 0.0 && left <= 3.0, "{left} s");
    assert_eq!(app.get("/echo").await.status(), 500);
    eventually("the start-up plan returns", async || {
        (show(&app).await["origin"] == "startup").then_some(())
    })
    .await;
    assert_eq!(app.get("/echo").await.status(), 200);
}

#[tokio::test]
async fn a_plan_without_an_end_outlives_the_end_of_an_earlier_one() {
    let app = TestApp::start_without_database(&[]);
    put(&app, json!({ "echo": { "error_ratio": 1 }, "for": "100ms" })).await;
    put(&app, json!({ "ping": { "error_ratio": 1 }, "for": "250ms" })).await;
    put(&app, json!({ "counter": { "error_ratio": 1 } })).await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    let shown = show(&app).await;
    assert_eq!(
        (&shown["origin"], &shown["ends_in_seconds"]),
        (&json!("control"), &Value::Null)
    );
    assert_eq!(shown["plan"]["counter"]["error_ratio"], 1.0);
}

#[tokio::test]
async fn an_invalid_plan_is_rejected_with_the_field_and_changes_nothing() {
    let app = TestApp::start_without_database(&[]);
    let before = put(&app, json!({ "echo": { "error_ratio": 0.125 } })).await;
    for (body, expected) in [
        ("{", "EOF"),
        (
            r#"{"ping": {"error_ratio": 1}, "echo": {"error_ratio": 2}}"#,
            "echo.error_ratio: ",
        ),
        (r#"{"for": "soon"}"#, "for: "),
        (r#"{"ping": {"delay": "constant:2h"}}"#, "ping.delay: "),
    ] {
        let reply = ask(&app, Method::PUT, body).await;
        assert_eq!(reply.status(), 400, "{body}");
        assert_eq!(reply.headers()["content-type"], "application/problem+json");
        let detail = json_of(reply).await["detail"].as_str().expect("a text").to_owned();
        assert!(detail.contains(expected), "{body}: {detail}");
        assert_eq!(show(&app).await, before, "{body}");
    }
    let long = format!("{{\"ping\": {}1", " ".repeat(20_000));
    assert_eq!(ask(&app, Method::PUT, &long).await.status(), 413);
    assert_eq!(ask(&app, Method::POST, "{}").await.status(), 405);
}

#[tokio::test]
async fn a_dropped_connection_sends_no_byte_and_is_recorded_as_aborted() {
    let app = TestApp::start_without_database(&[]);
    put(&app, json!({ "echo": { "drop_ratio": 1 } })).await;
    let request = "/echo HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\nbody";
    assert_eq!(client::exchange(app.address(), &format!("POST {request}")).await, "");
    assert_eq!(
        client::exchange(app.address(), "HEAD /echo HTTP/1.1\r\nhost: test\r\n\r\n").await,
        ""
    );

    after(&app, r#"method="POST",path="/echo",status_code="aborted""#, 1.0).await;
    let metrics = after(&app, r#"method="HEAD",path="/echo",status_code="aborted""#, 1.0).await;
    assert_eq!(metrics.sum("http_requests_total"), 2.0, "and as nothing else");
    assert_eq!(metrics.sum("http_concurrent_requests"), 0.0);
    assert_eq!(metrics.value(r#"faults_injected_total{kind="drop",path="/echo"}"#), 2.0);
}

#[tokio::test]
async fn a_request_that_hangs_ends_when_its_client_leaves_and_is_recorded_as_aborted() {
    let app = TestApp::start_without_database(&[]);
    put(&app, json!({ "ping": { "hang_ratio": 1 } })).await;
    let waiting = client::send(app.address(), "GET /ping HTTP/1.1\r\nhost: test\r\n\r\n").await;
    eventually("the request hangs", async || {
        let metrics = app.metrics().await;
        let hung = metrics.value(r#"faults_injected_total{kind="hang",path="/ping"}"#) == 1.0;
        (hung && metrics.sum("http_concurrent_requests") == 1.0).then_some(())
    })
    .await;
    // What is hung stays hung.
    ask(&app, Method::DELETE, "").await;
    assert_eq!(app.get("/ping").await.status(), 200);
    assert_eq!(app.metrics().await.sum("http_concurrent_requests"), 1.0);

    drop(waiting);
    let metrics = after(&app, r#"method="GET",path="/ping",status_code="aborted""#, 1.0).await;
    assert_eq!(metrics.sum("http_concurrent_requests"), 0.0);
}

#[tokio::test]
async fn probes_metrics_and_control_get_no_faults_and_control_is_not_measured() {
    let app = TestApp::start_without_database(&[]);
    let drops = json!({ "drop_ratio": 1, "hang_ratio": 1, "error_ratio": 1, "delay": "constant:60s" });
    put(&app, json!({ "ping": drops, "echo": drops, "counter": drops })).await;
    for path in ["/healthz", "/metrics", "/"] {
        assert_eq!(app.get(path).await.status(), 200, "{path}");
    }
    assert_eq!(
        app.get("/readyz").await.status(),
        503,
        "the database is away, nothing else"
    );
    show(&app).await;
    assert_eq!(
        reqwest::get(format!("{}/nowhere", app.control_url))
            .await
            .expect("an answer")
            .status(),
        404
    );
    // That of "/" alone.
    after(&app, r#"method="GET",path="/",status_code="200""#, 1.0).await;
    assert_eq!(app.metrics().await.sum("http_requests_total"), 1.0);
}

#[tokio::test]
async fn the_public_listener_does_not_serve_the_faults() {
    let app = TestApp::start_without_database(&[]);
    assert_eq!(app.get("/faults").await.status(), 404);
}

/// The status of a request to `/faults` with these headers.
async fn status_with(app: &TestApp, method: &str, headers: &str) -> (u16, String) {
    let address = app.control_url.trim_start_matches("http://");
    let request = format!("{method} /faults HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
    let reply = client::exchange(address, &request).await;
    (reply[9..12].parse().expect("a status"), reply)
}

#[tokio::test]
async fn on_loopback_a_foreign_host_header_is_rejected() {
    let app = TestApp::start_without_database(&[]);
    for host in ["localhost", "127.0.0.1:9901", "[::1]:9901"] {
        assert_eq!(
            status_with(&app, "GET", &format!("host: {host}\r\n")).await.0,
            200,
            "{host}"
        );
    }
    for host in [
        "host: rebound.example.com:9901\r\n",
        "host: 10.0.0.1\r\n",
        "host:\r\n",
        "",
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let (status, reply) = status_with(&app, method, host).await;
            assert!([400, 421].contains(&status), "{method} {host:?}: {reply}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_origin_is_rejected() {
    let app = TestApp::start_without_database(&[]);
    let with_origin = |origin: &str| format!("host: 127.0.0.1:9901\r\norigin: {origin}\r\n");
    assert_eq!(
        status_with(&app, "GET", &with_origin("http://127.0.0.1:9901")).await.0,
        200
    );
    for origin in ["http://127.0.0.1:8080", "https://example.com", "null"] {
        for method in ["GET", "PUT", "DELETE"] {
            let (status, reply) = status_with(&app, method, &with_origin(origin)).await;
            assert_eq!(status, 403, "{method} {origin}: {reply}");
        }
    }
}

#[tokio::test]
async fn a_cross_origin_preflight_is_rejected() {
    let app = TestApp::start_without_database(&[]);
    let preflight = "host: localhost\r\norigin: http://example.com\r\naccess-control-request-method: PUT\r\n";
    let (status, reply) = status_with(&app, "OPTIONS", preflight).await;
    assert_eq!(status, 405);
    assert!(!reply.to_lowercase().contains("access-control"), "{reply}");
}

#[tokio::test]
async fn with_a_token_each_request_must_send_it() {
    let app = TestApp::start_without_database(&["--control-token=secret-1"]);
    for method in ["GET", "PUT", "DELETE"] {
        for header in [
            "",
            "authorization: Bearer secret-2\r\n",
            "authorization: Basic secret-1\r\n",
        ] {
            let (status, reply) = status_with(&app, method, &format!("host: app\r\n{header}")).await;
            assert_eq!(status, 401, "{method} {header}");
            assert!(reply.contains("www-authenticate: Bearer"), "{reply}");
            assert!(!reply.contains("error_ratio"), "{reply}");
        }
    }
    // With the token it does not matter by what name the service is known.
    let (status, reply) = status_with(&app, "GET", "host: app\r\nauthorization: Bearer secret-1\r\n").await;
    assert_eq!(status, 200, "{reply}");
}

#[tokio::test]
async fn incidents_start_by_themselves_until_a_plan_is_put() {
    let app = TestApp::start_without_database(&["--incidents=10ms", "--fault-seed=7"]);
    let incident = eventually("an incident happens", async || {
        let shown = show(&app).await;
        (shown["origin"] == "incident").then_some(shown)
    })
    .await;
    assert!(incident["ends_in_seconds"].as_f64() > Some(60.0), "{incident}");
    assert_eq!(
        app.metrics().await.value(r#"fault_plan_in_force{origin="incident"}"#),
        1.0
    );

    let same = TestApp::start_without_database(&["--incidents=10ms", "--fault-seed=7"]);
    eventually("the same seed repeats it", async || {
        (show(&same).await["plan"] == incident["plan"]).then_some(())
    })
    .await;

    put(&app, json!({})).await;
    assert_eq!(show(&app).await["origin"], "control");
    ask(&app, Method::DELETE, "").await;
    assert_eq!(show(&app).await["origin"], "startup");
}

#[tokio::test]
async fn no_incident_starts_while_a_plan_is_active() {
    let app = TestApp::start_without_database(&["--incidents=200ms"]);
    let plan = put(&app, json!({ "echo": { "error_ratio": 0.125 } })).await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert_eq!(show(&app).await, plan);
}

#[tokio::test]
async fn live_statistics_show_the_effect_of_the_plan() {
    let app = TestApp::start_without_database(&[]);
    let live = async || {
        json_of(
            reqwest::get(format!("{}/live", app.control_url))
                .await
                .expect("an answer"),
        )
        .await
    };
    let first = live().await;
    assert_eq!(
        first["echo"]["requests_per_second"],
        Value::Null,
        "nothing to compare with: {first}"
    );

    put(&app, json!({ "ping": { "error_ratio": 1, "error_status": 429 } })).await;
    for _ in 0..20 {
        assert_eq!(app.get("/echo").await.status(), 200);
    }
    assert_eq!(app.get("/ping").await.status(), 429);
    let effect = live().await;
    let seconds = effect["over_seconds"].as_f64().expect("a number");
    let rate = effect["echo"]["requests_per_second"].as_f64().expect("a number");
    assert!((rate * seconds - 20.0).abs() < 1e-6, "{effect}");
    assert_eq!(effect["echo"]["failed_ratio"], 0.0);
    assert!(effect["echo"]["p99_seconds"].as_f64() > Some(0.0), "{effect}");
    assert_eq!(effect["ping"]["failed_ratio"], 1.0);
    assert!(effect["ping"]["by_status"]["429"].as_f64() > Some(0.0), "{effect}");
    assert_eq!(effect["counter"]["failed_ratio"], Value::Null);
}

#[tokio::test]
async fn the_page_needs_no_token_but_its_requests_do() {
    let app = TestApp::start_without_database(&["--control-token=secret-1", "--name=beta"]);
    let get = async |path: &str| {
        reqwest::get(format!("{}{path}", app.control_url))
            .await
            .expect("an answer")
    };
    let page = get("/").await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("a text");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let page = page.text().await.expect("a text");
    assert!(
        page.contains("Faults of beta") && page.contains("<option>504</option>"),
        "{page}"
    );
    for path in ["/page.css", "/page.js"] {
        assert_eq!(get(path).await.status(), 200, "{path}");
    }
    for path in ["/faults", "/live"] {
        assert_eq!(get(path).await.status(), 401, "{path}");
    }
}
