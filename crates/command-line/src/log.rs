//! Settings of the log.

use clap::{Args, ValueEnum};
use tracing_subscriber::filter::{LevelFilter, Targets};

/// Settings of the log.
#[derive(Args, Clone, Debug)]
pub struct LogSettings {
    /// Format of log lines
    #[arg(long, env = "OBSERVER_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// What to log: a level (off, error, warn, info, debug, trace), or a list such as info,observer=debug,sqlx=warn
    #[arg(long, env = "OBSERVER_LOG_FILTER", default_value = "info", value_parser = filter)]
    pub log_filter: Targets,
}

/// The format of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Parses a comma-separated list of levels and `target=level` directives.
///
/// The parser of [`Targets`] takes any other word as a target, such as a misspelled level, and then logs nothing else.
fn filter(text: &str) -> Result<Targets, String> {
    text.split(',')
        .map(str::trim)
        .try_fold(Targets::new(), |targets, directive| {
            let (target, name) = match directive.split_once('=') {
                Some((target, name)) => (Some(target.trim_end()), name.trim_start()),
                None => (None, directive),
            };
            let level = level(name).filter(|_| target.is_none_or(is_target)).ok_or_else(|| {
            format!(
                "'{directive}' is neither a level nor target=level; expected off, error, warn, info, debug or trace, \
                 or a list such as info,observer=debug,sqlx=warn"
            )
        })?;
            Ok(match target {
                Some(target) => targets.with_target(target, level),
                None => targets.with_default(level),
            })
        })
}

/// Parses the name of a level. The parser of [`LevelFilter`] also accepts numbers and the empty string.
fn level(name: &str) -> Option<LevelFilter> {
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic());
    is_name.then(|| name.parse().ok()).flatten()
}

/// Whether this may be a target: by default a module's path, such as `observer::store`.
fn is_target(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-:.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_list_of_levels_and_directives() {
        for (text, meaning) in [
            ("info", "info"),
            (" info ", "info"),
            ("WARN", "warn"),
            ("off", "off"),
            ("info, observer = debug , sqlx=warn", "observer=debug,sqlx=warn,info"),
            ("observer::store=trace", "observer::store=trace"),
        ] {
            assert_eq!(filter(text).expect(text).to_string(), meaning, "{text}");
        }
    }

    #[test]
    fn a_word_that_is_no_level_is_refused_with_the_accepted_forms() {
        for (text, wrong) in [
            ("warning", "warning"),
            ("info,verbose", "verbose"),
            ("observer", "observer"),
            ("observer=loud", "observer=loud"),
            ("observer=", "observer="),
            ("=info", "=info"),
            ("a b=info", "a b=info"),
            ("info,", ""),
            ("3", "3"),
        ] {
            let message = filter(text).expect_err(text);
            assert!(
                message.starts_with(&format!("'{wrong}' is neither")),
                "{text}: {message}"
            );
            assert!(
                message.contains("expected off, error, warn, info, debug or trace"),
                "{text}: {message}"
            );
        }
    }
}
