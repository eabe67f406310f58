//! /metrics as Prometheus' own tool sees it.

use std::{io::Read, time::SystemTime};

use flate2::read::GzDecoder;
use test_support::{exposition::Exposition, promtool};

use crate::app::TestApp;

/// The one name that go-kit's convention gives, not Prometheus'.
const KNOWN_COMPLAINTS: &str = r#"lorem_request_count counter metrics should have "_total" suffix
lorem_request_count non-histogram and non-summary metrics should not have "_count" suffix
"#;

#[tokio::test]
async fn promtool_finds_nothing_to_complain_about_but_a_name_from_elsewhere() {
    let app = TestApp::start_without_database(&[]);
    for path in ["/ping", "/echo", "/counter", "/lorem/word/1/9", "/nowhere"] {
        app.get(path).await;
    }
    let text = app.get("/metrics").await.text().await.expect("a text");
    assert_eq!(promtool::complaints(&text).trim(), KNOWN_COMPLAINTS.trim());
}

#[tokio::test]
async fn it_is_served_in_the_text_format_that_prometheus_reads() {
    let app = TestApp::start_without_database(&[]);
    let reply = app.get("/metrics").await;
    assert_eq!(reply.headers()["content-type"], "text/plain; version=0.0.4");
}

#[tokio::test]
async fn it_is_compressed_for_those_who_ask_for_it_and_only_for_them() {
    let app = TestApp::start_without_database(&[]);
    let scrape = async |encoding: &str| {
        let request = reqwest::Client::new()
            .get(app.at("/metrics"))
            .header("accept-encoding", encoding);
        request.send().await.expect("an answer")
    };
    let plain = scrape("identity").await;
    assert_eq!(plain.headers().get("content-encoding"), None);
    assert_eq!(plain.headers()["vary"], "accept-encoding");
    let plain = plain.bytes().await.expect("the text");

    let reply = scrape("gzip").await;
    assert_eq!(reply.headers()["content-encoding"], "gzip");
    assert_eq!(reply.headers()["content-type"], "text/plain; version=0.0.4");
    let compressed = reply.bytes().await.expect("the text");
    assert!(
        compressed.len() * 5 < plain.len(),
        "{} of {}",
        compressed.len(),
        plain.len()
    );
    let mut text = String::new();
    GzDecoder::new(&*compressed).read_to_string(&mut text).expect("gzip");
    assert_eq!(Exposition::parse(&text).sum("observer_build_info"), 1.0);
}

#[tokio::test]
async fn the_build_is_told() {
    let app = TestApp::start_without_database(&[]);
    assert_eq!(app.metrics().await.sum("observer_build_info"), 1.0);
}

#[tokio::test]
async fn the_process_and_the_runtime_are_measured() {
    let app = TestApp::start_without_database(&[]);
    let before = app.metrics().await;
    for _ in 0..2_000 {
        app.get("/echo").await;
    }
    let after = app.metrics().await;
    let used = after.value("process_cpu_seconds_total") - before.value("process_cpu_seconds_total");
    assert!(used > 0.0 && used < 60.0, "2,000 requests used {used} s of CPU time");
    assert!(after.sum("tokio_worker_busy_seconds_total") > before.sum("tokio_worker_busy_seconds_total"));
    assert!(after.value("process_resident_memory_bytes") > 1e6);
    assert!(after.value("process_open_fds") > 3.0);
    assert!(after.value("process_max_fds") >= after.value("process_open_fds"));
    assert!(after.value("tokio_alive_tasks") > 0.0);

    let started = after.value("process_start_time_seconds");
    #[expect(clippy::disallowed_methods, reason = "the metric is a date")]
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs_f64();
    assert!(
        (now - 3600.0..=now + 1.0).contains(&started),
        "started at {started}, now is {now}"
    );
}

#[tokio::test]
async fn cpu_time_has_fractions_of_a_second() {
    let app = TestApp::start_without_database(&[]);
    let mut fractions = 0;
    for _ in 0..5 {
        for _ in 0..200 {
            app.get("/echo").await;
        }
        let seconds = app.metrics().await.value("process_cpu_seconds_total");
        fractions += usize::from(seconds.fract() != 0.0);
    }
    assert!(fractions >= 3, "of five readings {fractions} were no whole seconds");
}
