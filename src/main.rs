//! The command line of Observer.
//!
//! Exit codes: 0 on success, 1 after a failure, 2 for invalid settings (from clap).

use std::process::ExitCode;

use observer::cli::Cli;

fn main() -> ExitCode {
    match command_line::read::<Cli>().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("observer: {error:#}");
            ExitCode::FAILURE
        }
    }
}
