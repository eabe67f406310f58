//! The limits of a server that a test puts together itself.

use clap::Parser;
use observer::web::limits::Limits;

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    limits: Limits,
}

/// The default limits, but for what these flags say.
pub fn limits(flags: &[&str]) -> Limits {
    CommandLine::parse_from(["observer"].iter().chain(flags)).limits
}
