//! The examples, run as a person runs them.

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use test_support::exposition::Exposition;

/// Ends the example with the test, whether that passes or not.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The example, built. With all tests cargo has built it before, and has nothing left to do.
fn example(name: &str) -> PathBuf {
    let build = Command::new(env!("CARGO"))
        .args([
            "build",
            "--locked",
            "--quiet",
            "--package",
            "red-metrics",
            "--example",
            name,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(build.expect("cargo runs").success(), "the example is built");
    let test = env::current_exe().expect("this test is a file");
    let profile = test.parent().and_then(Path::parent).expect("target/debug/deps");
    profile.join("examples").join(name)
}

/// Runs an example, sends requests, and checks what it exposes.
async fn assert_measures(name: &str) {
    let mut example = Command::new(example(name))
        .arg("127.0.0.1:0")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example runs");
    let mut line = String::new();
    let output = example.stdout.take().expect("it is piped");
    let _running = Running(example);
    BufReader::new(output).read_line(&mut line).expect("a line");
    let address = line.trim().strip_prefix("listening on ").expect("the address");

    let text = async |path: &str| {
        let reply = reqwest::get(format!("http://{address}{path}"))
            .await
            .expect("an answer");
        reply.text().await.expect("a text")
    };
    for path in ["/hello", "/hello", "/slow", "/nowhere"] {
        text(path).await;
    }
    let scrape = Exposition::parse(&text("/metrics").await);
    for (path, status, requests) in [("/hello", 200, 2.0), ("/slow", 200, 1.0), ("unmatched", 404, 1.0)] {
        let labels = format!(r#"{{method="GET",path="{path}",status_code="{status}"}}"#);
        assert_eq!(scrape.value(&format!("http_requests_total{labels}")), requests);
        assert_eq!(
            scrape.value(&format!("http_request_duration_seconds_count{labels}")),
            requests
        );
    }
    let slow = r#"http_request_duration_seconds_sum{method="GET",path="/slow",status_code="200"}"#;
    assert!(scrape.value(slow) >= 0.05, "/slow takes 50 ms");
    assert_eq!(scrape.sum("http_concurrent_requests"), 0.0);
    assert_eq!(
        scrape.get(r#"http_concurrent_requests{method="GET",path="/metrics"}"#),
        None
    );
}

#[tokio::test]
async fn the_drop_in_example_measures_both_of_its_routes() {
    assert_measures("drop_in").await;
}

#[tokio::test]
async fn the_outermost_example_measures_both_of_its_routes() {
    assert_measures("outermost").await;
}
