//! The connection pool.

use std::time::Duration;

use prometheus::Registry;
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection, postgres::PgPoolOptions};
use tokio::time::{error::Elapsed, timeout};

use super::{metrics::PoolMetrics, settings::DatabaseSettings};

/// Timeout for acquiring a connection. With sqlx's default, 30 s, requests would hang that long without a database.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);

/// A pool that connects on first use.
#[derive(Clone, Debug)]
pub struct Pool {
    pool: PgPool,
    metrics: PoolMetrics,
}

impl Pool {
    /// Creates the pool and registers its metrics.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds the metrics of another pool.
    pub fn open(settings: &DatabaseSettings, registry: &Registry) -> prometheus::Result<Self> {
        // Testing a connection before each use would cost a round trip. Callers handle stale connections instead.
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

    /// Runs `work` with a connection and returns the connection to the pool; see [`Lease::run`].
    pub async fn run<T>(
        &self,
        limit: Duration,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<sqlx::Result<T>, Elapsed> {
        self.lease().run(limit, work).await
    }

    /// Returns a lease, for repeated work on one connection.
    pub fn lease(&self) -> Lease {
        Lease {
            pool: self.clone(),
            connection: None,
        }
    }

    /// Acquires a connection: an idle one, else a new one, else the next that is returned.
    async fn acquire(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        if let Some(idle) = self.pool.try_acquire() {
            return Ok(idle);
        }
        let _waiting = (self.pool.size() >= self.max_connections()).then(|| self.metrics.wait());
        self.pool.acquire().await
    }

    /// Returns the maximum number of connections.
    pub fn max_connections(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// Closes all connections in an orderly way.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A connection that is kept between uses.
///
/// sqlx pings the database whenever a connection is returned to the pool. Keeping it saves this round trip.
#[derive(Debug)]
pub struct Lease {
    pool: Pool,
    connection: Option<PoolConnection<Postgres>>,
}

impl Lease {
    /// Runs `work` with the connection, for at most `limit` once it has one.
    ///
    /// Discards the connection if the work fails or times out: it may be broken and must not return to the pool.
    ///
    /// # Errors
    ///
    /// Fails if no connection is available within a second, or if the work fails or times out.
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

    /// Whether the lease holds a connection.
    pub fn is_held(&self) -> bool {
        self.connection.is_some()
    }

    /// Returns the connection to the pool.
    pub fn release(&mut self) {
        self.connection = None;
    }
}
