//! The command line and its subcommands.

use std::{env, time::Duration};

use anyhow::{Context, bail};
use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    builder::Resettable,
    error::{ContextKind, ContextValue, ErrorKind},
};
use tokio::runtime::Runtime;

use crate::{
    discovery::{self, DiscoverSettings},
    healthcheck::{self, HealthcheckSettings},
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
    /// Reads the command line and the environment. Exits with code 2 if a setting is invalid, and with 0 after --help
    /// and --version.
    #[must_use]
    pub fn read() -> Self {
        let mut command = without_empty_variables(Self::command());
        command
            .try_get_matches_from_mut(env::args_os())
            .and_then(|matches| Self::from_arg_matches(&matches))
            .unwrap_or_else(|error| without_secret(error.format(&mut command), command).exit())
    }

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
                settings.log.install();
                let application = Application::build(&settings).await?;
                application.run(stop).await
            }
            Self::Migrate(settings) => {
                settings.log.install();
                unless_stopped(store::migrate(&settings), stop).await
            }
            Self::Pager(settings) => {
                if let Err(error) = settings.forward.webhook() {
                    Cli::command().error(ErrorKind::MissingRequiredArgument, error).exit();
                }
                settings.log.install();
                pager::run(&settings, stop).await
            }
            Self::Discover(settings) => {
                settings.log.install();
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

/// Makes every setting of the command and its subcommands take an environment variable that is empty as unset: Compose and
/// scripts pass `NAME=` for a setting without a value.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    command
        .mut_args(|setting| {
            let is_empty = setting
                .get_env()
                .and_then(env::var_os)
                .is_some_and(|value| value.is_empty());
            if is_empty {
                setting.env(Resettable::Reset)
            } else {
                setting
            }
        })
        .mut_subcommands(without_empty_variables)
}

/// Hides the invalid value in an error about a secret setting, which clap would show. Its parsers do not show it.
///
/// Secret are those settings whose value `--help` hides, too.
fn without_secret(mut error: clap::Error, mut command: clap::Command) -> clap::Error {
    let Some(ContextValue::String(invalid)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
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
