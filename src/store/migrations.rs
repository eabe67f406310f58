//! Migrations of the database's schema.

use std::time::Duration;

use anyhow::Context;
use clap::Args;
use sqlx::{Connection, PgConnection, migrate::Migrator};
use tokio::time::{Instant, sleep, timeout};
use tracing::info;

use super::settings::Database;
use crate::logging::LogSettings;

/// The migrations under `migrations/`, embedded at compile time.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// Timeout of the migrations, including the wait for another instance that is migrating.
const MIGRATE_TIMEOUT: Duration = Duration::from_mins(1);

/// Timeout of one connection attempt.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Pause between two connection attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// Settings of `observer migrate`.
#[derive(Args, Clone, Debug)]
pub struct MigrateSettings {
    #[command(flatten)]
    pub database: Database,

    /// How long to wait for the database to accept connections
    #[arg(long, env = "OBSERVER_MIGRATE_WAIT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub wait: Duration,

    #[command(flatten)]
    pub log: LogSettings,
}

/// Applies all pending migrations. Several instances may do so concurrently.
///
/// # Errors
///
/// Fails if the database does not accept connections in time, or if a migration fails.
pub async fn migrate(settings: &MigrateSettings) -> anyhow::Result<()> {
    let mut connection = connect(settings).await?;
    let migrated = timeout(MIGRATE_TIMEOUT, MIGRATOR.run(&mut connection)).await;
    // On an error the migrator returns without releasing its advisory lock. The lock ends with its connection, which is
    // therefore dedicated and closed here.
    drop(connection);
    migrated
        .context("the migrations timed out")?
        .context("cannot migrate the database")?;
    info!(
        migrations = MIGRATOR.iter().count(),
        "the database's schema is up to date"
    );
    Ok(())
}

async fn connect(settings: &MigrateSettings) -> anyhow::Result<PgConnection> {
    let options = &settings.database.options;
    let deadline = Instant::now() + settings.wait;
    loop {
        let tried = timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await;
        let error = match tried {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => anyhow::Error::new(error),
            Err(elapsed) => anyhow::Error::new(elapsed),
        };
        if Instant::now() >= deadline {
            let place = format!("{}:{}", options.get_host(), options.get_port());
            return Err(error.context(format!("cannot connect to the database at {place}")));
        }
        sleep(RETRY_INTERVAL).await;
    }
}
