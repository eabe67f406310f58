//! The command line of the console.
//!
//! Exit codes: 0 on success, 1 after a failure, 2 for invalid settings (from clap).

use std::process::ExitCode;

use clap::{CommandFactory, error::ErrorKind};
use console::{Console, ConsoleSettings};

#[tokio::main]
async fn main() -> ExitCode {
    let settings = command_line::read::<ConsoleSettings>();
    if let Err(error) = settings.access() {
        ConsoleSettings::command()
            .error(ErrorKind::ArgumentConflict, error)
            .exit();
    }
    console::logging::install(&settings.log);
    match run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("observer-console: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: ConsoleSettings) -> anyhow::Result<()> {
    Console::bind(settings).await?.run().await
}
