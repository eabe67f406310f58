//! The command line and its subcommands.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};
use tokio::runtime::Runtime;

use crate::{
    discovery::{self, DiscoverSettings},
    healthcheck::{self, HealthcheckSettings},
    logging,
    pager::{self, PagerSettings},
    service::{Application, ServiceSettings},
    store::{self, MigrateSettings},
    web::server,
};

/// How long the exit waits for threads that are blocked, such as those that resolve a name.
const EXIT_TIMEOUT: Duration = Duration::from_millis(300);

/// A pair of instrumented HTTP microservices with a whole observability stack.
///
/// Every setting is a flag and an environment variable; the flag takes precedence. An empty variable is unset.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve /ping, /echo, /counter and /lorem, and call the peer
    Serve(ServiceSettings),
    /// Apply the database's pending migrations, then exit
    Migrate(MigrateSettings),
    /// Receive Alertmanager's notifications and show the pages
    Pager(PagerSettings),
    /// Find running containers through Docker's API and list them as targets for Prometheus
    Discover(DiscoverSettings),
    /// Request a URL once, or until it responds: exit code 0 if the status is 2xx
    Healthcheck(HealthcheckSettings),
}

impl Cli {
    /// Runs the subcommand to its end, on a new runtime.
    ///
    /// # Errors
    ///
    /// Returns the subcommand's failure, with its context.
    pub fn run(self) -> anyhow::Result<()> {
        let runtime = Runtime::new().context("cannot start the runtime")?;
        // The runtime is here and not in `main`, because the crate that polls a future compiles it: the binary would
        // compile this library's futures a second time.
        let result = runtime.block_on(self.command.run());
        runtime.shutdown_timeout(EXIT_TIMEOUT);
        result
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<()> {
        // First of all, and for each subcommand: as PID 1 of a container, a process has no default action for a signal.
        let stop = server::stop_signal();
        match self {
            Self::Serve(settings) => {
                if let Err(error) = settings.control.access() {
                    // Exit code 2, as clap does for a single invalid setting.
                    Cli::command().error(ErrorKind::ArgumentConflict, error).exit();
                }
                logging::install(&settings.log);
                let application = Application::build(&settings)?;
                application.run(stop).await
            }
            Self::Migrate(settings) => {
                logging::install(&settings.log);
                unless_stopped(store::migrate(&settings), stop).await
            }
            Self::Pager(settings) => {
                if let Err(error) = settings.forward.webhook() {
                    Cli::command().error(ErrorKind::MissingRequiredArgument, error).exit();
                }
                logging::install(&settings.log);
                pager::run(&settings, stop).await
            }
            Self::Discover(settings) => {
                logging::install(&settings.log);
                discovery::run(&settings, stop).await
            }
            Self::Healthcheck(settings) => unless_stopped(healthcheck::run(&settings), stop).await,
        }
    }
}

/// Runs `work` to its end, or fails with the first signal.
async fn unless_stopped(
    work: impl Future<Output = anyhow::Result<()>>,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    tokio::select! {
        result = work => result,
        () = stop => bail!("stopped by a signal before the end"),
    }
}
