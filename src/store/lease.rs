//! A connection of the pool, for as long as it is needed.

use std::{future::ready, time::Duration};

use sqlx::{PgConnection, Postgres, pool::PoolConnection};
use tokio::time::timeout;

use super::{
    metrics::{Operation, OperationError},
    pool::Pool,
};

/// Timeout for returning a connection.
const RETURN_TIMEOUT: Duration = Duration::from_secs(1);

/// A connection that is kept between uses, and returned to the pool when this is dropped.
///
/// sqlx pings the database whenever a connection is returned to the pool. Keeping it saves this round trip.
#[derive(Debug)]
pub struct Lease {
    pool: Pool,
    connection: Option<PoolConnection<Postgres>>,
}

impl Lease {
    pub(super) const fn new(pool: Pool) -> Self {
        Self { pool, connection: None }
    }

    /// Runs `work` with the connection, for at most `limit` once it has one, and records it as this operation.
    ///
    /// Discards the connection if the work does not succeed: it may be broken and must not return to the pool.
    ///
    /// # Errors
    ///
    /// Fails if no connection is available within a second, or if the work fails or times out.
    pub async fn run<T>(
        &mut self,
        operation: Operation,
        limit: Duration,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<T, OperationError> {
        let operations = self.pool.operations().clone();
        let acquired = match self.connection.take() {
            Some(kept) => Ok(kept),
            None => self.pool.acquire().await,
        };
        let connection = match acquired {
            Ok(connection) => connection,
            // It never ran, but it counts.
            Err(error) => return operations.measure(operation, ready(Ok(Err(error)))).await,
        };
        let mut in_use = InUse(Some(connection));
        let result = operations
            .measure(operation, timeout(limit, work(in_use.connection())))
            .await;
        if result.is_ok() {
            self.connection = in_use.0.take();
        } else {
            self.pool.distrust();
        }
        result
    }

    /// Whether the lease holds a connection.
    pub const fn is_held(&self) -> bool {
        self.connection.is_some()
    }

    /// Returns the connection to the pool.
    pub fn release(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            // Without a limit, a connection whose other end has vanished would keep its place in the pool for minutes.
            tokio::spawn(timeout(RETURN_TIMEOUT, connection.return_to_pool()));
        }
    }

    /// Discards the connection, and with it the idle ones of the pool.
    pub fn discard(&mut self) {
        drop(InUse(self.connection.take()));
        self.pool.distrust();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.release();
    }
}

/// Guard of a connection that is in use. Discards it when dropped, because its statement may not have ended.
struct InUse(Option<PoolConnection<Postgres>>);

impl InUse {
    fn connection(&mut self) -> &mut PgConnection {
        self.0.as_mut().expect("taken only at the end")
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        drop(self.0.take().map(PoolConnection::detach));
    }
}
