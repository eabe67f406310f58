//! The database's schema.

use std::time::Duration;

use anyhow::Context;
use clap::Args;
use sqlx::{Connection, PgConnection, migrate::Migrator};
use tokio::time::{Instant, sleep, timeout};
use tracing::info;

use super::settings::Database;
use crate::logging::LogSettings;

/// The migrations under `migrations/`, built in.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// How long the migrations may take, with the wait for another instance that migrates at the same time.
const MIGRATE_TIMEOUT: Duration = Duration::from_mins(1);

/// How long one try to connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The pause between two tries to connect.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// What to migrate, and how long to wait for it.
#[derive(Args, Clone, Debug)]
pub struct MigrateSettings {
    #[command(flatten)]
    pub database: Database,

    /// How long to wait for the database to come
    #[arg(long, env = "OBSERVER_MIGRATE_WAIT", default_value = "30s", value_parser = humantime::parse_duration)]
    pub wait: Duration,

    #[command(flatten)]
    pub log: LogSettings,
}

/// Applies the migrations that the database does not have yet. Any number of instances may do so at once.
///
/// # Errors
///
/// Fails if the database does not come in time, or does not take a migration.
pub async fn migrate(settings: &MigrateSettings) -> anyhow::Result<()> {
    let mut connection = connect(settings).await?;
    let migrated = timeout(MIGRATE_TIMEOUT, MIGRATOR.run(&mut connection)).await;
    // The migrator locks the database for others and, on an error, returns without unlocking. The lock ends with its
    // connection, which is therefore one of its own and ends here.
    drop(connection);
    migrated
        .context("the migrations did not end in time")?
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
