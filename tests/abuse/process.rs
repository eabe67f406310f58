//! A service in a process of its own.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
};

use rustix::process::{Pid, Resource, Signal, getrlimit, kill_process, setrlimit};
use serde_json::Value;
use test_support::exposition::{Exposition, eventually};

/// A running `observer serve`. It is killed when this is dropped.
pub struct Service {
    child: Child,
    pub address: String,
}

/// Without faults of its own, so that a test sees only what it has caused.
const QUIET: &[&str] = &[
    "serve",
    "--log-format=json",
    "--control-listen=127.0.0.1:0",
    "--ping-error-ratio=0",
    "--echo-error-ratio=0",
];

/// What a test must find again as it was before.
#[derive(Clone, Copy, Debug)]
pub struct Footprint {
    /// Without those of the database's pool, which keeps what it has once opened, and counts it.
    descriptors: f64,
    memory: f64,
}

impl Service {
    /// Starts a service with these flags, on any free port if they name none, without a database if they name none.
    pub fn start(flags: &[&str]) -> Self {
        let or_default = |flag: &str, default: &'static str| {
            let named = flags.iter().any(|given| given.starts_with(flag));
            (!named).then_some(default)
        };
        let defaults = [
            or_default("--listen", "--listen=127.0.0.1:0"),
            or_default(
                "--database-url",
                "--database-url=postgres://observer@127.0.0.1:1/observer",
            ),
            or_default("--ping-delay", "--ping-delay=none"),
        ];
        let mut child = Command::new(env!("CARGO_BIN_EXE_observer"))
            .args(QUIET)
            .args(defaults.into_iter().flatten())
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut log = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let address = log
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let line: Value = serde_json::from_str(&line).ok()?;
                let serving = line.to_string().contains(r#""serving""#);
                serving.then(|| line["address"].as_str().map(str::to_owned))?
            })
            .expect("the service says where it listens");
        // The pipe must not fill up. What it says of a panic or of its end is of interest.
        thread::spawn(move || {
            for line in log.map_while(Result::ok) {
                if line.contains("panic") {
                    println!("{line}");
                }
            }
        });
        Self { child, address }
    }

    /// A URL of this service.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The process' id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What `/metrics` shows now. Each on a connection of its own, so that none is left open.
    pub async fn metrics(&self) -> Exposition {
        let reply = reqwest::get(self.at("/metrics")).await.expect("an answer");
        Exposition::parse(&reply.text().await.expect("a text"))
    }

    /// What it takes now.
    pub async fn footprint(&self) -> Footprint {
        let metrics = self.metrics().await;
        Footprint {
            descriptors: descriptors(&metrics),
            memory: metrics.value("process_resident_memory_bytes"),
        }
    }

    /// It lives, nothing is in progress, and it takes no more than before.
    pub async fn is_back_at(&mut self, before: Footprint) {
        const MEBIBYTE: f64 = 1_048_576.0;
        assert!(self.child.try_wait().expect("its state").is_none(), "it has ended");
        eventually("no connection but that of the question is open", async || {
            (self.metrics().await.value("http_connections") <= 1.0).then_some(())
        })
        .await;
        eventually("no request is in progress", async || {
            (self.metrics().await.sum("http_concurrent_requests") == 0.0).then_some(())
        })
        .await;
        eventually("no descriptor more is open", async || {
            // The question itself takes one.
            (descriptors(&self.metrics().await) <= before.descriptors + 1.0).then_some(())
        })
        .await;
        let memory = self.footprint().await.memory;
        println!(
            "  memory: {:.1} MiB before, {:.1} MiB after",
            before.memory / MEBIBYTE,
            memory / MEBIBYTE
        );
        // What an allocator keeps for the next burst is no leak; what grows with each would be.
        assert!(memory < 64.0 * MEBIBYTE, "{memory} bytes");
    }

    /// Tells it to stop, and waits until it has.
    pub async fn stop(mut self) {
        let id = i32::try_from(self.id()).ok().and_then(Pid::from_raw).expect("an id");
        kill_process(id, Signal::TERM).expect("it runs");
        let status = tokio::task::spawn_blocking(move || self.child.wait().expect("it ends"));
        assert!(status.await.expect("no panic").success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn descriptors(metrics: &Exposition) -> f64 {
    metrics.value("process_open_fds") - metrics.sum("db_pool_connections")
}

/// Lets this process, which plays all the clients, have as many connections as it may.
pub fn raise_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("the limit can be raised to its maximum");
}

/// A number from the environment: the full form of a test may be too long for each change.
pub fn amount(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{variable}: found {text:?}, expected a number"))
    })
}
