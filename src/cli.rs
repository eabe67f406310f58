//! The command line and its subcommands.

use clap::{
    CommandFactory, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{
    discovery::{self, DiscoverSettings},
    healthcheck::{self, HealthcheckSettings},
    pager::{self, PagerSettings},
    service::{Application, ServiceSettings},
    store::{self, MigrateSettings},
    web::server,
};

/// A pair of instrumented HTTP microservices with a whole observability stack.
///
/// Every setting is a flag and an environment variable; the flag takes precedence.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "a process has a single command")]
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
    /// Parses the command line and the environment. Exits with code 2 if a setting is invalid, and with 0 after --help
    /// and --version.
    pub fn parse_or_exit() -> Self {
        Self::try_parse().unwrap_or_else(|error| without_secret(error).exit())
    }

    /// Runs the subcommand to its end, on a new runtime.
    ///
    /// The runtime is here and not in `main`, because the crate that polls a future compiles it: the binary would
    /// compile this library's futures a second time.
    ///
    /// # Errors
    ///
    /// Returns the subcommand's failure, with its context.
    #[tokio::main]
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(settings) => {
                if let Err(error) = settings.control.access() {
                    // Exit code 2, as clap does for a single invalid setting.
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
                if let Err(error) = settings.forward.webhook() {
                    Self::command().error(ErrorKind::MissingRequiredArgument, error).exit();
                }
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

/// Hides the invalid value in an error about a secret setting, which clap would show. Its parsers do not show it.
///
/// Secret are those settings whose value `--help` hides, too.
fn without_secret(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(invalid)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let mut command = Cli::command();
    command.build();
    let is_secret = command
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .any(|setting| setting.is_hide_env_values_set() && setting.to_string() == *invalid);
    if is_secret {
        error.insert(ContextKind::InvalidValue, ContextValue::String("(hidden)".to_owned()));
    }
    error
}
