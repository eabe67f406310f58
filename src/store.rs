//! Postgres: connection pool, migrations, and the counter.

mod counter;
mod error;
mod lease;
mod metrics;
mod migrations;
mod pool;
mod settings;

use std::time::Duration;

use anyhow::Context;
use prometheus::Registry;
use sqlx::Row;
use tracing::debug;

pub use counter::Counter;
pub use error::{NotReady, Unavailable};
pub use migrations::{MIGRATOR, MigrateSettings, migrate};
pub use settings::{Database, DatabaseSettings};

use metrics::Operation;
use pool::Pool;

/// Timeout of the readiness check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// Tests what an increment needs, without a write: that the session can write, and that the row is there and may be updated.
const CHECK: &str = "SELECT current_setting('transaction_read_only')::bool, \
                     EXISTS (SELECT FROM counter), has_table_privilege('counter', 'UPDATE')";

/// The service's database. It may be unavailable at any time, including startup.
#[derive(Debug)]
pub struct Store {
    pool: Pool,
    counter: Counter,
}

impl Store {
    /// Creates the pool and starts the counter's task. Connects on first use.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds the metrics of another store.
    pub fn open(settings: &DatabaseSettings, registry: &Registry) -> anyhow::Result<Self> {
        let pool = Pool::open(settings, registry).context("cannot register the database's metrics")?;
        Ok(Self {
            counter: Counter::start(pool.clone()),
            pool,
        })
    }

    /// Returns the counter that all instances share.
    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Checks that the database can serve the counter.
    ///
    /// # Errors
    ///
    /// [`NotReady`] says what is wrong.
    pub async fn check(&self) -> Result<(), NotReady> {
        let mut lease = self.pool.lease();
        let check = lease.run(Operation::Check, CHECK_TIMEOUT, async |connection| {
            let row = sqlx::raw_sql(CHECK).fetch_one(connection).await?;
            Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
        });
        match check.await {
            Ok((false, true, true)) => Ok(()),
            Ok((true, _, _)) => {
                // The next connection may lead to the server that took over.
                lease.discard();
                Err(NotReady::ReadOnly)
            }
            Ok((false, false, _)) => Err(NotReady::SchemaMissing),
            Ok((false, true, false)) => Err(NotReady::PermissionDenied),
            Err(error) => {
                debug!(%error, "the database is not ready");
                Err(NotReady::from(&error))
            }
        }
    }

    /// Closes all connections in an orderly way.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
