//! Reading of the command line and the environment.

use std::env;

use clap::{
    Command, CommandFactory, FromArgMatches,
    builder::Resettable,
    error::{ContextKind, ContextValue},
};

/// Reads the command line and the environment. Exits with code 2 if a setting is invalid, and with 0 after --help and
/// --version.
#[must_use]
pub fn read<T: CommandFactory + FromArgMatches>() -> T {
    let mut command = without_empty_variables(T::command());
    command
        .try_get_matches_from_mut(env::args_os())
        .and_then(|matches| T::from_arg_matches(&matches))
        .unwrap_or_else(|error| without_secret(error.format(&mut command), command).exit())
}

/// Makes every setting of the command and its subcommands take an environment variable that is empty as unset: Compose and
/// scripts pass `NAME=` for a setting without a value.
fn without_empty_variables(command: Command) -> Command {
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
fn without_secret(mut error: clap::Error, mut command: Command) -> clap::Error {
    let Some(ContextValue::String(invalid)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    command.build();
    let is_secret = command
        .get_arguments()
        .chain(command.get_subcommands().flat_map(Command::get_arguments))
        .any(|setting| setting.is_hide_env_values_set() && setting.to_string() == *invalid);
    if is_secret {
        error.insert(ContextKind::InvalidValue, ContextValue::String("(hidden)".to_owned()));
    }
    error
}
