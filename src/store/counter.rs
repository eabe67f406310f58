//! The counter that all instances share. Every call gets a unique number, and a returned number survives any crash.
//!
//! With one UPDATE for each call, throughput would be limited by the database's commits: a commit locks the row until
//! it is on the disk, so the calls of all instances would queue. Instead, one task collects the waiting callers and
//! adds their number to the row in a single statement. It hands out the reserved numbers after the commit. Further
//! callers collect during the commit, so the batches grow with the load. The task keeps its connection as long as
//! callers come.

use std::{pin::pin, time::Duration};

use sqlx::{AssertSqlSafe, Row};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tracing::warn;

use super::{
    error::Unavailable,
    lease::Lease,
    metrics::{Operation, OperationError},
    pool::Pool,
};

/// Timeout of a caller. `/counter` promises a response within 2 s; this leaves time for the rest of the request.
const CALLER_TIMEOUT: Duration = Duration::from_millis(1500);

/// The most callers waiting at a time. Further ones fail at once.
const MAX_QUEUED: usize = 4096;

/// How long the task keeps an idle connection. Short, because a shutdown of the database waits for it.
const LEASE_IDLE_TIMEOUT: Duration = Duration::from_millis(100);

/// A waiting caller. Dropped without a number if the database is unavailable.
type Caller = oneshot::Sender<i64>;

/// Source of unique numbers.
#[derive(Debug)]
pub struct Counter {
    callers: mpsc::Sender<Caller>,
}

impl Counter {
    /// Starts the task that serves the callers. It ends when the counter is dropped.
    pub(super) fn start(pool: Pool) -> Self {
        let (callers, waiting) = mpsc::channel(MAX_QUEUED);
        tokio::spawn(serve(waiting, pool));
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

async fn serve(mut waiting: mpsc::Receiver<Caller>, pool: Pool) {
    let mut connection = pool.lease();
    let mut callers = Vec::new();
    while next_batch(&mut waiting, &mut callers, &mut connection).await > 0 {
        callers.retain(|caller| !caller.is_closed());
        let amount = callers.len() as i64;
        if amount == 0 {
            continue;
        }
        let statement = increment(&mut connection, amount);
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
/// A connection that turns out to be stale is replaced: the second try gets a new one. The statement may thus run twice,
/// which leaves a gap.
async fn increment(connection: &mut Lease, amount: i64) -> Result<i64, OperationError> {
    match try_increment(connection, amount).await {
        Err(OperationError::Database(error)) if is_stale(&error) => try_increment(connection, amount).await,
        result => result,
    }
}

/// Sends one simple query. A prepared statement belongs to a session, and poolers such as PgBouncer move a client from one
/// session to another between two messages.
async fn try_increment(connection: &mut Lease, amount: i64) -> Result<i64, OperationError> {
    let statement = AssertSqlSafe(format!("UPDATE counter SET value = value + {amount} RETURNING value"));
    connection
        .run(Operation::Increment, CALLER_TIMEOUT, async move |connection| {
            sqlx::raw_sql(statement).fetch_one(connection).await?.try_get(0)
        })
        .await
}

/// Whether the error is the connection's rather than the statement's.
fn is_stale(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        // 57P..: the server is shutting down or has terminated the connection. 25006: it is read-only, as after a failover,
        // and another one may be reached now.
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| code.starts_with("57P") || code == "25006"),
        _ => false,
    }
}
