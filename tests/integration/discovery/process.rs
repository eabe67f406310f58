//! A running `observer discover`.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::Value;
use tempfile::TempDir;
use test_support::exposition::{Exposition, eventually};

use super::engine::{Engine, targets_in};

/// A discovery. It is killed when this is dropped.
pub struct Discover {
    child: Child,
    folder: TempDir,
    log: Arc<Mutex<Vec<Value>>>,
}

impl Discover {
    /// Starts a discovery at this engine, with its file in a folder of its own.
    pub fn start(engine: &Engine, flags: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary folder"), engine, flags)
    }

    /// Starts a discovery with its file in this folder. The variable `OBSERVER_BINARY` names another program, such as an
    /// optimised one, to be measured.
    pub fn start_in(folder: TempDir, engine: &Engine, flags: &[&str]) -> Self {
        let binary = std::env::var_os("OBSERVER_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_observer").into());
        let mut command = Command::new(binary);
        command.arg("discover");
        Self::spawn(command, folder, engine, flags)
    }

    /// Starts a discovery by a command of one's own.
    pub fn spawn(mut command: Command, folder: TempDir, engine: &Engine, flags: &[&str]) -> Self {
        let mut child = command
            .args([
                "--listen=127.0.0.1:0",
                "--log-format=json",
                "--docker-host",
                &engine.url(),
            ])
            .arg("--file")
            .arg(folder.path().join("targets.json"))
            .args(flags)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&log);
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                kept.lock().expect("no panic").push(line);
            }
        });
        Self { child, folder, log }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("targets.json")
    }

    /// Waits until the file has this many targets.
    pub async fn finds(&self, count: usize) {
        let file = self.file();
        eventually(&format!("{count} targets are in the file"), async || {
            targets_in(&file).filter(|targets| targets.len() == count)
        })
        .await;
    }

    /// Waits until a line of the log, from whichever field, contains a text.
    pub async fn logs(&self, text: &str) {
        eventually(&format!("the log says {text:?}"), async || {
            self.log_text().contains(text).then_some(())
        })
        .await;
    }

    pub fn log_text(&self) -> String {
        let log = self.log.lock().expect("no panic");
        log.iter().map(|line| line.to_string() + "\n").collect()
    }

    /// What it answers to a GET request.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        let address = eventually("it says where it listens", async || {
            let log = self.log.lock().expect("no panic");
            log.iter().find_map(|line| line["address"].as_str().map(str::to_owned))
        })
        .await;
        reqwest::get(format!("http://{address}{path}"))
            .await
            .expect("an answer")
    }

    pub async fn metrics(&self) -> Exposition {
        Exposition::parse(&self.get("/metrics").await.text().await.expect("a text"))
    }

    /// The most memory that it has had in RAM, in bytes.
    pub fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        1024 * kibibytes.expect("the line").parse::<u64>().expect("a number")
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("it is a child").is_none()
    }

    /// Ends it by a signal, and returns what it ended with and the folder of its file.
    pub fn end(mut self, signal: &str) -> (ExitStatus, TempDir) {
        let sent = Command::new("kill")
            .args([format!("-{signal}"), self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
        let status = self.child.wait().expect("it ends");
        let elsewhere = tempfile::tempdir().expect("a temporary folder");
        (status, std::mem::replace(&mut self.folder, elsewhere))
    }
}

impl Drop for Discover {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
