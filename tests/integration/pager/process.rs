//! A pager process, and the notifications that it is sent.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use jiff::Timestamp;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_support::exposition::{Exposition, eventually};

/// A running pager. It is killed when this is dropped.
pub struct PagerProcess {
    child: Child,
    pub url: String,
    client: Client,
    log: Arc<Mutex<String>>,
}

impl PagerProcess {
    /// Starts a pager with its ledger in this folder.
    pub fn start(folder: &Path, flags: &[&str]) -> Self {
        Self::spawn(&mut command(folder, flags))
    }

    /// Starts a pager with this command.
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().expect("the binary runs");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let keep = {
            let log = Arc::clone(&log);
            move |line: &str| {
                let mut log = log.lock().expect("no panic");
                log.push_str(line);
                log.push('\n');
            }
        };
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                keep(&line);
                let line: Value = serde_json::from_str(&line).ok()?;
                line["address"].as_str().map(str::to_owned)
            })
            .unwrap_or_else(|| {
                panic!(
                    "the pager does not say where it listens: {}",
                    log.lock().expect("no panic")
                )
            });
        // The pipe must not fill up.
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| keep(&line)));
        Self {
            child,
            url: format!("http://{address}"),
            client: Client::builder().no_proxy().build().expect("a client"),
            log,
        }
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.log.lock().expect("no panic").clone()
    }

    /// Waits until it has logged this.
    pub async fn until_logged(&self, part: &str) {
        eventually(&format!("'{part}' is logged"), async || {
            self.log().contains(part).then_some(())
        })
        .await;
    }

    /// Sends a body as a notification.
    pub async fn post(&self, body: impl Into<reqwest::Body>) -> reqwest::Result<reqwest::Response> {
        self.client
            .post(format!("{}/alerts", self.url))
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
    }

    /// Sends a notification that must be acknowledged.
    pub async fn notify(&self, notification: &Value) {
        let reply = self.post(notification.to_string()).await.expect("an answer");
        assert_eq!(reply.status(), StatusCode::OK);
    }

    /// What `/api/pages` shows.
    pub async fn pages(&self) -> Value {
        let url = format!("{}/api/pages", self.url);
        let reply = self.client.get(url).send().await.expect("an answer");
        serde_json::from_slice(&reply.bytes().await.expect("the body")).expect("JSON")
    }

    /// The names of what fires.
    pub async fn firing(&self) -> Vec<String> {
        names(&self.pages().await["firing"])
    }

    /// What `/metrics` shows, as text.
    pub async fn metrics_text(&self) -> String {
        let url = format!("{}/metrics", self.url);
        let reply = self.client.get(url).send().await.expect("an answer");
        reply.text().await.expect("a text")
    }

    /// What `/metrics` shows.
    pub async fn metrics(&self) -> Exposition {
        Exposition::parse(&self.metrics_text().await)
    }

    /// The process' id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an orderly stop does.
    pub fn stop(mut self) {
        let killed = Command::new("kill").arg(self.id().to_string()).status();
        assert!(killed.expect("kill runs").success());
        assert!(self.child.wait().expect("it ends").success());
    }

    /// Ends it as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for PagerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command of a pager with its ledger in this folder.
pub fn command(folder: &Path, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_observer"));
    command
        .args(["pager", "--listen=127.0.0.1:0", "--log-format=json"])
        .arg("--ledger")
        .arg(folder.join("ledger.jsonl"))
        .args(flags)
        .stderr(Stdio::piped());
    command
}

/// A folder for one test.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The entries of the ledger in this folder.
pub fn ledger(folder: &Path) -> Vec<Value> {
    std::fs::read_to_string(folder.join("ledger.jsonl"))
        .expect("the ledger")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect()
}

/// The alerts' names in a list of pages.
pub fn names(pages: &Value) -> Vec<String> {
    let pages = pages.as_array().expect("a list of pages");
    pages
        .iter()
        .map(|page| page["alertname"].as_str().expect("a name").to_owned())
        .collect()
}

/// What an alert's notification says of its end.
pub fn ended_at(mut notification: Value, ended_at: &str) -> Value {
    notification["alerts"][0]["endsAt"] = json!(ended_at);
    notification
}

/// A notification of one alert, in the shape of Alertmanager's webhook, version 4.
pub fn notification(status: &str, alertname: &str, started_at: &str) -> Value {
    let labels = json!({ "alertname": alertname, "job": "app", "severity": "page" });
    let ends_at = if status == "firing" {
        "0001-01-01T00:00:00Z"
    } else {
        "2026-11-21T10:05:00Z"
    };
    json!({
        "version": "4",
        "groupKey": format!("{{}}:{{alertname=\"{alertname}\"}}"),
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "page",
        "groupLabels": { "alertname": alertname },
        "commonLabels": labels,
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "alerts": [{
            "status": status,
            "labels": labels,
            "annotations": {
                "summary": format!("{alertname} happens"),
                "description": "3% of the requests fail.",
                "runbook_url": "https://example.com/runbook",
            },
            "startsAt": started_at,
            "endsAt": ends_at,
            "generatorURL": "http://prometheus:9090/graph",
            "fingerprint": format!("of-{alertname}"),
        }],
    })
}

/// A heartbeat that says when the rule was evaluated.
pub fn heartbeat(evaluated_at: Timestamp) -> Value {
    let mut heartbeat = notification("firing", "Watchdog", "2026-11-21T10:00:00Z");
    heartbeat["alerts"][0]["annotations"] =
        json!({ "evaluated_at": evaluated_at.as_duration().as_secs_f64().to_string() });
    heartbeat
}
