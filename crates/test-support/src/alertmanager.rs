//! A real Alertmanager.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::time::sleep;

use crate::{exposition::Exposition, tools};

/// Time limit for the start.
const PATIENCE: Duration = Duration::from_secs(30);

/// An Alertmanager process. It is killed when dropped.
#[derive(Debug)]
pub struct Alertmanager {
    process: Child,
    /// Its address, as `HOST:PORT`.
    pub address: String,
    /// Data and log.
    folder: TempDir,
}

impl Alertmanager {
    /// Starts a server with this file of configuration, and waits until it answers.
    pub async fn start(configuration: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = fs::File::create(folder.path().join("log")).expect("a file");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);

        let program = tools::alertmanager();
        let process = Command::new(&program)
            .arg(format!("--config.file={}", configuration.display()))
            .arg(format!("--storage.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .current_dir(templates_of(&program).unwrap_or_else(|| folder.path().to_owned()))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {program} ({error}); `make test` provides it"));
        let alertmanager = Self {
            process,
            address,
            folder,
        };
        alertmanager.wait_until_ready().await;
        alertmanager
    }

    async fn wait_until_ready(&self) {
        let began = Instant::now();
        let url = format!("http://{}/-/ready", self.address);
        while !reqwest::get(&url).await.is_ok_and(|reply| reply.status().is_success()) {
            if began.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                panic!("Alertmanager is not ready; it says:\n{log}");
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Returns what it exposes of itself.
    pub async fn metrics(&self) -> Exposition {
        let reply = reqwest::get(format!("http://{}/metrics", self.address))
            .await
            .expect("an answer");
        Exposition::parse(&reply.text().await.expect("a text"))
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Debian's program reads its templates from a folder of its package; a fetched one, from the folder in which it runs.
fn templates_of(program: &str) -> Option<std::path::PathBuf> {
    let usr = Path::new(program).parent()?.parent()?;
    let folder = usr.join("share/prometheus/alertmanager");
    folder.is_dir().then_some(folder)
}
