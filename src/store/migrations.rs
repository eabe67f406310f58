//! Migrations of the database's schema.

use std::{borrow::Cow, time::Duration};

use anyhow::Context;
use clap::Args;
use command_line::LogSettings;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection,
    migrate::{MigrateError, Migrator},
};
use tokio::time::{Instant, sleep, timeout};
use tracing::info;

use super::settings::Database;

/// The migrations under `migrations/`, embedded at compile time.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// Key of the advisory lock that admits one migration at a time to a database: "observer" in ASCII.
const LOCK: i64 = 0x6f62_7365_7276_6572;

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
    timeout(MIGRATE_TIMEOUT, apply(&mut connection))
        .await
        .context("the migrations timed out")?
        .context("cannot migrate the database")?;
    info!(
        migrations = MIGRATOR.iter().count(),
        "the database's schema is up to date"
    );
    Ok(())
}

/// Applies all pending migrations in one transaction, which keeps a pooler such as PgBouncer at one session and ends the lock
/// in any case. The migrator's own lock belongs to the session, where a pooler would leave it behind.
async fn apply(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let migrator = Migrator {
        migrations: Cow::Borrowed(&MIGRATOR.migrations),
        locking: false,
        ..Migrator::DEFAULT
    };
    let mut transaction = connection.begin().await?;
    // The session may come with another client's prepared statements, of the names that the migrator's will have.
    sqlx::raw_sql("DEALLOCATE ALL").execute(&mut *transaction).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("SELECT pg_advisory_xact_lock({LOCK})")))
        .execute(&mut *transaction)
        .await?;
    migrator.run(&mut *transaction).await?;
    sqlx::raw_sql("DEALLOCATE ALL").execute(&mut *transaction).await?;
    transaction.commit().await?;
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
