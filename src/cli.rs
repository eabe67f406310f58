//! The command line: what can be run, and what each subcommand takes.

use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};

use crate::{
    discovery::{self, DiscoverSettings},
    healthcheck::{self, HealthcheckSettings},
    pager::{self, PagerSettings},
    service::{Application, ServiceSettings},
    store::{self, MigrateSettings},
    web::server,
};

/// A pair of instrumented HTTP microservices and what watches them.
///
/// Every setting is a flag and an environment variable; the flag wins.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it in a process")]
enum Command {
    /// Serve /ping, /echo, /counter and /lorem, and call the peer
    Serve(ServiceSettings),
    /// Bring the database's schema up to date, then end
    Migrate(MigrateSettings),
    /// Receive Alertmanager's notifications
    Pager(PagerSettings),
    /// Find what Docker runs, and tell Prometheus where to scrape it
    Discover(DiscoverSettings),
    /// Ask a URL once, or until it answers: exit code 0 if it answers with a status of 2xx
    Healthcheck(HealthcheckSettings),
}

impl Cli {
    /// Runs the subcommand to its end, on a runtime of its own.
    ///
    /// The runtime is here and not in `main`, because a future is compiled by the crate that polls it: this library's would
    /// be compiled a second time, for the binary.
    ///
    /// # Errors
    ///
    /// Returns what made it fail, for a person to read.
    #[tokio::main]
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(settings) => {
                if let Err(error) = settings.control.access() {
                    // As clap ends it for a setting that does not hold by itself: with exit code 2.
                    Self::command().error(ErrorKind::ArgumentConflict, error).exit();
                }
                settings.log.install();
                let application = Application::build(&settings).await?;
                application.run(server::stop_signal()).await
            }
            Command::Migrate(settings) => {
                settings.log.install();
                store::migrate(&settings).await
            }
            Command::Pager(settings) => {
                settings.log.install();
                pager::run(&settings, server::stop_signal()).await
            }
            Command::Discover(settings) => {
                settings.log.install();
                discovery::run(&settings, server::stop_signal()).await
            }
            Command::Healthcheck(settings) => healthcheck::run(&settings).await,
        }
    }
}
