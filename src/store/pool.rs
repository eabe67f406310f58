//! The pool of connections.

use std::time::Duration;

use prometheus::Registry;
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection, postgres::PgPoolOptions};
use tokio::time::{error::Elapsed, timeout};

use super::{metrics::PoolMetrics, settings::DatabaseSettings};

/// How long a caller waits for a connection. With sqlx' default of 30 s a lost database would hold requests for as long.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);

/// A pool that connects when it is first used.
#[derive(Clone, Debug)]
pub struct Pool {
    pool: PgPool,
    metrics: PoolMetrics,
}

impl Pool {
    /// Prepares the pool and registers its metrics.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds the metrics of another pool.
    pub fn open(settings: &DatabaseSettings, registry: &Registry) -> prometheus::Result<Self> {
        // A connection is not tried before it is handed out: that would cost a round trip each time. Whoever uses it
        // must expect that it has gone stale.
        let pool = PgPoolOptions::new()
            .max_connections(settings.database_pool_size)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .connect_lazy_with(settings.database.options.clone());
        Ok(Self {
            metrics: PoolMetrics::register(&pool, registry)?,
            pool,
        })
    }

    /// Does some work with a connection, which then goes back; see [`Lease::run`].
    pub async fn run<T>(
        &self,
        limit: Duration,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<sqlx::Result<T>, Elapsed> {
        self.lease().run(limit, work).await
    }

    /// For work that comes again and again.
    pub fn lease(&self) -> Lease {
        Lease {
            pool: self.clone(),
            connection: None,
        }
    }

    /// A connection: an idle one at once, else a new one, else the next that comes back.
    async fn acquire(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        if let Some(idle) = self.pool.try_acquire() {
            return Ok(idle);
        }
        let _waiting = (self.pool.size() >= self.max_connections()).then(|| self.metrics.wait());
        self.pool.acquire().await
    }

    /// The most connections that the pool holds.
    pub fn max_connections(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// Closes the connections, so that the database sees an orderly end.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A connection that is kept from one use to the next.
///
/// sqlx asks the database whether a connection still works each time that it goes back, a round trip for which the next
/// user of it waits.
#[derive(Debug)]
pub struct Lease {
    pool: Pool,
    connection: Option<PoolConnection<Postgres>>,
}

impl Lease {
    /// Does some work with the connection, in at most `limit` from the moment at which it has one.
    ///
    /// A connection on which the work fails, or hangs, is given up: it may be broken, and must not go back to the pool.
    ///
    /// # Errors
    ///
    /// Fails if there is no connection within a second, or if the work fails.
    pub async fn run<T>(
        &mut self,
        limit: Duration,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<sqlx::Result<T>, Elapsed> {
        let mut connection = match self.connection.take() {
            Some(kept) => kept,
            None => match self.pool.acquire().await {
                Ok(connection) => connection,
                Err(error) => return Ok(Err(error)),
            },
        };
        let result = timeout(limit, work(&mut connection)).await;
        if matches!(result, Ok(Ok(_))) {
            self.connection = Some(connection);
        } else {
            drop(connection.detach());
        }
        result
    }

    /// Whether a connection is kept.
    pub fn is_held(&self) -> bool {
        self.connection.is_some()
    }

    /// Gives the connection back to the pool.
    pub fn release(&mut self) {
        self.connection = None;
    }
}
