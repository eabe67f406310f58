//! A real PgBouncer in transaction mode, as its package comes.

use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio::{net::TcpStream, time::sleep};

/// The variable with the command that runs it, quoted for a shell.
const COMMAND: &str = "OBSERVER_TEST_PGBOUNCER";

/// Time limit for the start.
const PATIENCE: Duration = Duration::from_secs(10);

/// A PgBouncer process. It is killed when dropped.
#[derive(Debug)]
pub struct PgBouncer {
    process: Child,
    url: String,
    /// Configuration and log.
    _folder: TempDir,
}

impl PgBouncer {
    /// Starts one in front of a database, with at most this many connections to it, and waits until it accepts clients.
    pub async fn in_front_of(database: &PgConnectOptions, connections: usize) -> Self {
        let command = env::var(COMMAND).unwrap_or_else(|_| panic!("{COMMAND} is not set; `make test` provides it"));
        let folder = tempfile::tempdir().expect("a folder");
        // It may run as another user.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("the folder's owner");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let listen = free.local_addr().expect("an address");
        drop(free);

        let server = database.to_url_lossy();
        let configuration = format!(
            "[databases]\n* = host={} port={} user={} password={}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = transaction\ndefault_pool_size = {connections}\n",
            database.get_host(),
            database.get_port(),
            database.get_username(),
            server.password().unwrap_or_default(),
            listen.port(),
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, configuration).expect("a file");
        let log = fs::File::create(folder.path().join("log")).expect("a file");
        let process = Command::new("sh")
            .args(["-c", &format!("exec {command} \"$0\"")])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("sh runs");
        let began = Instant::now();
        while TcpStream::connect(listen).await.is_err() {
            if began.elapsed() > PATIENCE {
                let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
                panic!("PgBouncer does not start:\n{log}");
            }
            sleep(Duration::from_millis(20)).await;
        }
        let name = database.get_database().unwrap_or_default();
        Self {
            process,
            url: format!("postgres://observer@{listen}/{name}"),
            _folder: folder,
        }
    }

    /// Returns the URL of the database through this pooler.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
