//! Postgres: connection pool, migrations, and the counter.

mod counter;
mod error;
mod metrics;
mod migrations;
mod pool;
mod settings;

use std::time::Duration;

use anyhow::Context;
use prometheus::Registry;
use tracing::debug;

pub use counter::Counter;
pub use error::Unavailable;
pub use migrations::{MIGRATOR, MigrateSettings, migrate};
pub use settings::{Database, DatabaseSettings};

use metrics::{Operation, OperationMetrics};
use pool::Pool;

/// Timeout of the readiness check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

/// The service's database. It may be unavailable at any time, including startup.
#[derive(Debug)]
pub struct Store {
    pool: Pool,
    operations: OperationMetrics,
    counter: Counter,
}

impl Store {
    /// Creates the pool and starts the counter's task. Connects on first use.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds the metrics of another store.
    pub fn open(settings: &DatabaseSettings, registry: &Registry) -> anyhow::Result<Self> {
        let pool = Pool::open(settings, registry).context("cannot register the pool's metrics")?;
        let operations = OperationMetrics::register(registry).context("cannot register the database's metrics")?;
        Ok(Self {
            counter: Counter::start(pool.clone(), operations.clone()),
            operations,
            pool,
        })
    }

    /// Returns the counter that all instances share.
    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Checks that the database responds and has been migrated.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if it does not respond within a second, or has not been migrated.
    pub async fn check(&self) -> Result<(), Unavailable> {
        let check = self.pool.run(CHECK_TIMEOUT, async |connection| {
            sqlx::query("SELECT FROM counter").execute(connection).await
        });
        match self.operations.measure(Operation::Check, check).await {
            Ok(_) => Ok(()),
            Err(error) => {
                debug!(%error, "the database is not ready");
                Err(Unavailable)
            }
        }
    }

    /// Closes all connections in an orderly way.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
