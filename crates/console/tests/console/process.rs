//! A running console.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::time::sleep;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_observer-console");

/// Time limit for the start, and for each awaited line.
const PATIENCE: Duration = Duration::from_secs(20);

/// A process of the console. It is killed when dropped.
pub struct Console {
    process: Child,
    log: Arc<Mutex<Vec<String>>>,
    pub address: String,
}

impl Console {
    /// Starts it with an upstream for all parts and a folder of dashboards.
    pub async fn start(upstream: &str, dashboards: &Path, more: &[&str]) -> Self {
        let mut process = Command::new(PROGRAM)
            .args(["--listen=127.0.0.1:0", "--log-format=json"])
            .args(["prometheus", "alertmanager", "pager"].map(|part| format!("--{part}-url={upstream}")))
            .arg("--dashboards")
            .arg(dashboards)
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = BufReader::new(process.stderr.take().expect("piped")).lines();
        let written = Arc::clone(&log);
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| written.lock().expect("no panic").push(line));
        });
        let mut console = Self {
            process,
            log,
            address: String::new(),
        };
        let line = console.wait_for_line("\"serving\"").await;
        let line: Value = serde_json::from_str(&line).expect("JSON");
        line["address"]
            .as_str()
            .expect("an address")
            .clone_into(&mut console.address);
        console
    }

    /// Waits for a line of the log that contains a text.
    pub async fn wait_for_line(&self, text: &str) -> String {
        let began = Instant::now();
        loop {
            let lines = self.log.lock().expect("no panic").clone();
            if let Some(line) = lines.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            assert!(began.elapsed() < PATIENCE, "no line with {text}: {lines:#?}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Starts a request, to be changed and sent.
    pub fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let client = Client::builder().no_proxy().build().expect("a client");
        client.request(method, format!("http://{}{path}", self.address))
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(reqwest::Method::GET, path)
    }

    /// Sends a GET request and returns status and JSON.
    pub async fn ask(&self, path: &str) -> (StatusCode, Value) {
        reply(self.get(path)).await
    }

    /// A part of the stack, as the console knows it.
    pub async fn part(&self, name: &str) -> Value {
        let (_, body) = self.ask("/api/parts").await;
        let parts = body["parts"].as_array().expect("a list");
        let part = parts.iter().find(|part| part["name"] == name);
        part.unwrap_or_else(|| panic!("no {name} in {body}")).clone()
    }
}

/// Sends a request and returns status and JSON.
pub async fn reply(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let body = response.bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn an_address_that_others_can_reach_needs_a_token() {
    let output = Command::new(PROGRAM)
        .arg("--listen=0.0.0.0:0")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("--listen: found 0.0.0.0:0"), "{message}");
    assert!(message.contains("OBSERVER_CONSOLE_TOKEN"), "{message}");
}

#[test]
fn a_url_that_is_none_is_named() {
    let output = Command::new(PROGRAM)
        .arg("--prometheus-url=https://prometheus")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("--prometheus-url"), "{message}");
    assert!(message.contains("begins with http://"), "{message}");
}
