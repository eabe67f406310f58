//! The counter that all instances share. Every call gets a unique number, and a returned number survives any crash.
//!
//! With one UPDATE for each call, throughput would be limited by the database's commits: a commit locks the row until
//! it is on the disk, so the calls of all instances would queue. Instead, one task collects the waiting callers and
//! adds their number to the row in a single statement. It hands out the reserved numbers after the commit. Further
//! callers collect during the commit, so the batches grow with the load. The task keeps its connection as long as
//! callers come.

use std::{pin::pin, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tracing::warn;

use super::{
    error::Unavailable,
    metrics::{Operation, OperationError, OperationMetrics},
    pool::{Lease, Pool},
};

/// Timeout of a caller. `/counter` promises a response within 2 s; this leaves time for the rest of the request.
const CALLER_TIMEOUT: Duration = Duration::from_millis(1500);

/// The most callers waiting at a time. Further ones fail at once.
const MAX_QUEUED: usize = 4096;

/// How long the task keeps an idle connection. Short, because a shutdown of the database waits for it.
const LEASE_IDLE_TIMEOUT: Duration = Duration::from_millis(100);

const INCREMENT: &str = "UPDATE counter SET value = value + $1 RETURNING value";

/// A waiting caller. Dropped without a number if the database is unavailable.
type Caller = oneshot::Sender<i64>;

/// Source of unique numbers.
#[derive(Debug)]
pub struct Counter {
    callers: mpsc::Sender<Caller>,
}

impl Counter {
    /// Starts the task that serves the callers. It ends when the counter is dropped.
    pub(super) fn start(pool: Pool, metrics: OperationMetrics) -> Self {
        let (callers, waiting) = mpsc::channel(MAX_QUEUED);
        tokio::spawn(serve(waiting, pool, metrics));
        Self { callers }
    }

    /// Returns the next number. It is durable: the database has committed it.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the database does not commit in time, or too many callers are waiting. A reserved number may
    /// then be lost: there can be gaps, but never duplicates.
    pub async fn next(&self) -> Result<i64, Unavailable> {
        let (caller, number) = oneshot::channel();
        self.callers.try_send(caller).map_err(|_| Unavailable)?;
        // The task applies one timeout to all callers, which saves a timer for each.
        number.await.map_err(|_| Unavailable)
    }
}

async fn serve(mut waiting: mpsc::Receiver<Caller>, pool: Pool, metrics: OperationMetrics) {
    let mut connection = pool.lease();
    let mut callers = Vec::new();
    while next_batch(&mut waiting, &mut callers, &mut connection).await > 0 {
        callers.retain(|caller| !caller.is_closed());
        let amount = callers.len() as i64;
        if amount == 0 {
            continue;
        }
        let statement = increment(&mut connection, pool.max_connections(), &metrics, amount);
        match with_caller_timeout(statement, &mut callers, &mut waiting).await {
            Ok(last) => {
                for (number, caller) in (last - amount + 1..).zip(callers.drain(..)) {
                    // A caller that has gone leaves a gap.
                    let _ = caller.send(number);
                }
            }
            Err(error) => {
                warn!(%error, callers = amount, "the counter is unavailable");
                fail_waiting(&mut callers, &mut waiting);
            }
        }
        // A pool of one connection is shared with the readiness checks.
        if pool.max_connections() == 1 {
            connection.release();
        }
    }
}

/// Waits for callers and returns their number. Returns 0 only when the counter has been dropped.
async fn next_batch(waiting: &mut mpsc::Receiver<Caller>, callers: &mut Vec<Caller>, connection: &mut Lease) -> usize {
    if connection.is_held() {
        if let Ok(number) = timeout(LEASE_IDLE_TIMEOUT, waiting.recv_many(callers, MAX_QUEUED)).await {
            return number;
        }
        connection.release();
    }
    waiting.recv_many(callers, MAX_QUEUED).await
}

/// Waits for the statement to end, however long it takes. Fails the waiting callers at each timeout.
async fn with_caller_timeout<T>(
    statement: impl Future<Output = T>,
    callers: &mut Vec<Caller>,
    waiting: &mut mpsc::Receiver<Caller>,
) -> T {
    let mut statement = pin!(statement);
    loop {
        match timeout(CALLER_TIMEOUT, statement.as_mut()).await {
            Ok(result) => return result,
            Err(_) => fail_waiting(callers, waiting),
        }
    }
}

/// Fails all waiting callers: those that the statement counts, and those that have come since.
fn fail_waiting(callers: &mut Vec<Caller>, waiting: &mut mpsc::Receiver<Caller>) {
    callers.clear();
    while waiting.try_recv().is_ok() {}
}

/// Adds `amount` to the row and returns the new value.
///
/// After a restart of the database every pooled connection may be stale. So a lost connection is retried with the next
/// one, and the last try uses a new one. A statement may thus run twice, which leaves a gap.
async fn increment(
    connection: &mut Lease,
    max_retries: u32,
    metrics: &OperationMetrics,
    amount: i64,
) -> Result<i64, OperationError> {
    let mut retries = 0..max_retries;
    loop {
        let statement = connection.run(CALLER_TIMEOUT, async move |connection| {
            sqlx::query_scalar(INCREMENT).bind(amount).fetch_one(connection).await
        });
        match metrics.measure(Operation::Increment, statement).await {
            Err(OperationError::Database(error)) if is_connection_lost(&error) && retries.next().is_some() => {}
            result => return result,
        }
    }
}

/// Whether the error means a lost connection rather than a failed statement.
fn is_connection_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        // Codes 57P..: the server is shutting down or has terminated the connection.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
