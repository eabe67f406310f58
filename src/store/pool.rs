//! The connection pool.
//!
//! A connection may be dead without a sign: a firewall or NAT gateway forgets a connection that was idle, or a failover
//! leaves it at a server that is now read-only. Testing each connection before its use would cost a round trip. Instead,
//! the pool replaces connections that were idle for long, and after a failure all that were idle at that time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use prometheus::Registry;
use sqlx::{PgPool, Postgres, pool::PoolConnection, postgres::PgPoolOptions};
use tracing::debug;

use super::{
    lease::Lease,
    metrics::{OperationMetrics, PoolMetrics},
    settings::DatabaseSettings,
};

/// Timeout for acquiring a connection. With sqlx's default, 30 s, requests would hang that long without a database.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);

/// Age at which a connection is replaced, so that in time all lead to where the database's name points.
const MAX_LIFETIME: Duration = Duration::from_mins(30);

/// Makes the server send keepalives, and end a connection whose client has vanished. sqlx does not expose its own socket, so
/// this end has its timeouts alone.
const KEEPALIVE: &str = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; \
                         SET tcp_user_timeout = '30s'";

/// A pool that connects on first use.
#[derive(Clone, Debug)]
pub struct Pool {
    inner: PgPool,
    last_failure: Arc<Mutex<Instant>>,
    metrics: PoolMetrics,
    operations: OperationMetrics,
}

impl Pool {
    /// Creates the pool and registers its metrics.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds the metrics of another pool.
    pub fn open(settings: &DatabaseSettings, registry: &Registry) -> prometheus::Result<Self> {
        let idle_timeout = settings.database_idle_timeout;
        let last_failure = Arc::new(Mutex::new(Instant::now()));
        let failed = Arc::clone(&last_failure);
        let pool = PgPoolOptions::new()
            .max_connections(settings.database_pool_size)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            // Checked below instead: the task that enforces these two puts the connections that it keeps back as just used.
            .idle_timeout(None)
            .max_lifetime(None)
            .before_acquire(move |_, connection| {
                let since_failure = failed.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
                let fresh = connection.idle_for < idle_timeout.min(since_failure) && connection.age < MAX_LIFETIME;
                Box::pin(async move { Ok(fresh) })
            })
            .after_connect(|connection, _| {
                Box::pin(async move {
                    // Not every server and platform has all of them, and the connection works without.
                    if let Err(error) = sqlx::raw_sql(KEEPALIVE).execute(connection).await {
                        debug!(%error, "connection without keepalive");
                    }
                    Ok(())
                })
            })
            .connect_lazy_with(settings.database.options.clone());
        Ok(Self {
            metrics: PoolMetrics::register(&pool, registry)?,
            operations: OperationMetrics::register(registry)?,
            last_failure,
            inner: pool,
        })
    }

    /// Returns a lease, which acquires a connection when it is first used.
    pub fn lease(&self) -> Lease {
        Lease::new(self.clone())
    }

    /// Acquires a connection: an idle one, else a new one, else the next that is returned.
    pub(super) async fn acquire(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        let began = Instant::now();
        let in_use = self.inner.num_idle() == 0 && self.inner.size() >= self.max_connections();
        let _waiting = in_use.then(|| self.metrics.wait());
        let acquired = self.inner.acquire().await;
        self.metrics.waited(began.elapsed());
        acquired
    }

    /// Has the connections that are idle now replaced: one has failed, and what broke it may have broken them.
    pub(super) fn distrust(&self) {
        *self.last_failure.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Returns the metrics of the operations on the pool's connections.
    pub(super) const fn operations(&self) -> &OperationMetrics {
        &self.operations
    }

    /// Returns the maximum number of connections.
    pub fn max_connections(&self) -> u32 {
        self.inner.options().get_max_connections()
    }

    /// Closes all connections in an orderly way.
    pub async fn close(&self) {
        self.inner.close().await;
    }
}
