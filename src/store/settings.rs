//! Settings of the database.

use std::{str::FromStr, time::Duration};

use clap::Args;
use sqlx::postgres::PgConnectOptions;

/// The database and the size of its connection pool.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Database")]
pub struct DatabaseSettings {
    #[command(flatten)]
    pub database: Database,

    /// Maximum number of connections in the pool
    #[arg(long, env = "OBSERVER_DATABASE_POOL_SIZE", default_value = "5", value_name = "NUMBER",
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_pool_size: u32,

    /// How long a connection may be idle before it is replaced: less than any firewall or NAT gateway in between remembers it
    #[arg(long, env = "OBSERVER_DATABASE_IDLE_TIMEOUT", default_value = "30s", value_parser = humantime::parse_duration,
          value_name = "DURATION")]
    pub database_idle_timeout: Duration,
}

/// The database to connect to.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// URL of the database: postgres://user:password@host:port/database
    #[arg(
        long = "database-url",
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "postgres://observer:observer@127.0.0.1:15432/observer",
        hide_default_value = true,
        value_parser = connect_options,
        value_name = "URL"
    )]
    pub options: PgConnectOptions,
}

/// Parses a `postgres://` URL. The error does not contain it.
///
/// An unescaped `@`, `/`, `?` or `#` in a password would make a part of it the host, which is logged.
fn connect_options(text: &str) -> Result<PgConnectOptions, String> {
    const EXPECTED: &str = "expected postgres://user:password@host:port/database";
    let rest = ["postgres://", "postgresql://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .ok_or(EXPECTED)?;
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if authority.matches('@').count() > 1 || path.contains('@') {
        return Err(format!(
            "a user or password contains one of @ / ? #, which it must write as %40 %2F %3F %23; {EXPECTED}"
        ));
    }
    PgConnectOptions::from_str(text)
        // PgBouncer refuses a parameter that it does not know, such as sqlx's extra_float_digits.
        .map(|options| options.application_name("observer").extra_float_digits(None))
        .map_err(|error| format!("{error}; {EXPECTED}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_url_is_refused_with_the_expected_form() {
        for wrong in [
            "",
            "localhost",
            "mysql://a@b/c",
            "postgres://host:port/x",
            "postgres://observer:pass/word@host/x",
            "postgres://observer:p@ss/word@host/x",
            "postgres://observer:p@ss?word@host/x",
            "postgres://observer:p@ss#word@host/x",
        ] {
            let message = connect_options(wrong).expect_err(wrong);
            assert!(message.contains("expected postgres://"), "{wrong}: {message}");
        }
    }

    #[test]
    fn a_password_is_percent_encoded() {
        let options = connect_options("postgres://o:a%40b%2Fc@db:5433/x").expect("a URL");
        assert_eq!((options.get_host(), options.get_port()), ("db", 5433));
        for raw in ["o:a@b@db", "o:a@b/c@db", "o:12/3@db", "o:12?3@db", "o:12#3@db"] {
            let message = connect_options(&format!("postgres://{raw}/x")).expect_err(raw);
            assert!(message.contains("%40"), "{raw}: {message}");
        }
    }
}
