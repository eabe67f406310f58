//! A real Prometheus server.

use std::{
    fs,
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::Url;
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{exposition::Exposition, tools};

/// Time limit for the start, and for each awaited value.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Prometheus process. It is killed when dropped.
#[derive(Debug)]
pub struct Prometheus {
    process: Child,
    url: String,
    /// Configuration, data and log.
    folder: TempDir,
}

impl Prometheus {
    /// Starts a server that scrapes the address twice a second, and waits for the first scrape.
    pub async fn scraping(address: &str) -> Self {
        let prometheus = Self::start(&format!(
            "global: {{scrape_interval: 500ms}}\n\
             scrape_configs: [{{job_name: app, static_configs: [{{targets: ['{address}']}}]}}]\n"
        ));
        prometheus.wait_for("up", 1.0).await;
        prometheus
    }

    /// Starts a server with this configuration, in which `SELF` stands for its own address.
    pub fn start(configuration: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let listen = free.local_addr().expect("an address").to_string();
        drop(free);
        let configuration = configuration.replace("SELF", &listen);
        fs::write(folder.path().join("prometheus.yml"), configuration).expect("a file");
        let log = fs::File::create(folder.path().join("log")).expect("a file");
        let program = tools::prometheus();
        let process = Command::new(&program)
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"])
            .arg(format!("--web.listen-address={listen}"))
            // What it tries to send before it has found Alertmanager is lost until it is sent again.
            .arg("--rules.alert.resend-delay=1s")
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {program} ({error}); `make test` provides it"));
        Self {
            process,
            url: format!("http://{listen}"),
            folder,
        }
    }

    /// Returns what it exposes of itself.
    pub async fn metrics(&self) -> Exposition {
        let reply = reqwest::get(format!("{}/metrics", self.url)).await.expect("an answer");
        Exposition::parse(&reply.text().await.expect("a text"))
    }

    /// Returns the value of an expression's only series, if there is one.
    pub async fn ask(&self, expr: &str) -> Option<f64> {
        let url = Url::parse_with_params(&format!("{}/api/v1/query", self.url), [("query", expr)]).expect("a URL");
        let reply = reqwest::get(url).await.ok()?.bytes().await.ok()?;
        let reply: Value = serde_json::from_slice(&reply).ok()?;
        assert_ne!(reply["status"], "error", "{expr}: {reply}");
        reply["data"]["result"][0]["value"][1].as_str()?.parse().ok()
    }

    /// Waits until an expression has the expected value.
    pub async fn wait_for(&self, expr: &str, expected: f64) {
        let began = Instant::now();
        loop {
            let value = self.ask(expr).await;
            if value == Some(expected) {
                return;
            }
            if began.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                panic!("{expr} is {value:?}, expected {expected}; Prometheus says:\n{log}");
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
