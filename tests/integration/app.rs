//! Starts the real application on a free port.

use clap::Parser;
use observer::service::{Application, ServiceSettings};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use test_support::exposition::Exposition;
use tokio::{sync::oneshot, task::JoinHandle};

/// An application that runs until it is stopped or dropped.
pub struct TestApp {
    pub url: String,
    pub control_url: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// The settings as the command line reads them.
#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    settings: ServiceSettings,
}

/// No injected faults, so that a test sees only its own. Flags of the test override them.
const QUIET: &[&str] = &[
    "--listen=127.0.0.1:0",
    "--control-listen=127.0.0.1:0",
    "--ping-error-ratio=0",
    "--ping-delay=none",
    "--echo-error-ratio=0",
    "--shutdown-delay=0s",
];

/// A port on which nothing listens: the database is away.
const NO_DATABASE: &str = "--database-url=postgres://observer@127.0.0.1:1/observer";

impl TestApp {
    /// Starts an application that uses this database.
    pub fn start(database: &PgConnectOptions, flags: &[&str]) -> Self {
        Self::start_with(Some(database), flags)
    }

    /// Starts an application whose database is away.
    pub fn start_without_database(flags: &[&str]) -> Self {
        Self::start_with(None, flags)
    }

    fn start_with(database: Option<&PgConnectOptions>, flags: &[&str]) -> Self {
        let database = database.map(|options| format!("--database-url={}", options.to_url_lossy()));
        let database = database.as_deref().unwrap_or(NO_DATABASE);
        let arguments =
            ["observer", database]
                .iter()
                .chain(QUIET)
                .chain(flags)
                .fold(Vec::<&str>::new(), |mut kept, argument| {
                    // The last of several settings of a flag holds.
                    let name = |argument: &str| argument.split('=').next().map(str::to_owned);
                    kept.retain(|earlier| name(earlier) != name(argument));
                    kept.push(argument);
                    kept
                });
        let settings = CommandLine::parse_from(arguments).settings;
        let application = Application::build(&settings).expect("the application is built");
        let url = format!("http://{}", application.address());
        let control_url = format!("http://{}", application.control_address());
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            let stopped = async {
                // A test that drops the application stops it as well.
                let _ = stopped.await;
            };
            application.run(stopped).await.expect("the application runs");
        });
        Self {
            url,
            control_url,
            stop,
            running,
        }
    }

    /// The address without the scheme.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// A URL of this application.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// GETs a path.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        reqwest::get(self.at(path)).await.expect("the application answers")
    }

    /// What `/metrics` shows now.
    pub async fn metrics(&self) -> Exposition {
        let text = self.get("/metrics").await.text().await.expect("a text");
        Exposition::parse(&text)
    }

    /// Tells the application to stop and waits until it has.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        self.running.await.expect("the application ends without a panic");
    }
}
