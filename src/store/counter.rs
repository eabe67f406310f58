//! The count that all instances share: every call gets its own number, no number is handed out twice, and a number
//! once handed out survives any crash.
//!
//! One UPDATE for each call would be limited by the database's commits: the row is locked until a commit is on disk,
//! so that the calls of all instances queue behind each other. Here one task gathers the callers that wait, adds their
//! number to the row in a single statement, and hands out the numbers that this has reserved once it is committed.
//! While a commit runs the next callers gather: the busier, the more share a statement. As long as callers come, the task keeps
//! its connection.

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

/// The longest that a caller waits for a database that does not answer. The design promises an answer within 2 s; this leaves
/// room for the rest of it.
const CALLER_TIMEOUT: Duration = Duration::from_millis(1500);

/// The most callers that wait at a time; beyond that they are told to come back.
const MAX_QUEUED: usize = 4096;

/// How long the task keeps its connection after the last caller. Short, because a server that ends waits for it.
const LEASE_IDLE_TIMEOUT: Duration = Duration::from_millis(100);

const INCREMENT: &str = "UPDATE counter SET value = value + $1 RETURNING value";

/// A caller that waits for its number. It is dropped without one when the database is away.
type Caller = oneshot::Sender<i64>;

/// Hands out the numbers.
#[derive(Debug)]
pub struct Counter {
    callers: mpsc::Sender<Caller>,
}

impl Counter {
    /// Starts the task that serves the callers; it ends with the counter.
    pub(super) fn start(pool: Pool, metrics: OperationMetrics) -> Self {
        let (callers, waiting) = mpsc::channel(MAX_QUEUED);
        tokio::spawn(serve(waiting, pool, metrics));
        Self { callers }
    }

    /// The next number. It is durable: the database has committed it.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the database did not commit in time, or too many callers wait. A number may then be reserved
    /// that nobody gets: there can be gaps, but no number comes twice.
    pub async fn next(&self) -> Result<i64, Unavailable> {
        let (caller, number) = oneshot::channel();
        self.callers.try_send(caller).map_err(|_| Unavailable)?;
        // No time limit here: the task has one for all that wait, where each would need a timer.
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
                    // A caller that has left since then leaves a gap.
                    let _ = caller.send(number);
                }
            }
            Err(error) => {
                warn!(%error, callers = amount, "the counter is unavailable");
                fail_waiting(&mut callers, &mut waiting);
            }
        }
        // The only one is shared with the checks.
        if pool.max_connections() == 1 {
            connection.release();
        }
    }
}

/// Waits for callers, and returns how many there are: none only when there will be no more.
async fn next_batch(waiting: &mut mpsc::Receiver<Caller>, callers: &mut Vec<Caller>, connection: &mut Lease) -> usize {
    if connection.is_held() {
        if let Ok(number) = timeout(LEASE_IDLE_TIMEOUT, waiting.recv_many(callers, MAX_QUEUED)).await {
            return number;
        }
        connection.release();
    }
    waiting.recv_many(callers, MAX_QUEUED).await
}

/// Waits for the statement, as long as it takes. Those who have waited for too long meanwhile are told.
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

/// Tells all who wait that they get no number: those whom the statement counts, and those who have come since.
fn fail_waiting(callers: &mut Vec<Caller>, waiting: &mut mpsc::Receiver<Caller>) {
    callers.clear();
    while waiting.try_recv().is_ok() {}
}

/// Adds to the row and returns its new value.
///
/// After the database was restarted every connection may be stale, so a lost connection is followed by the next: the last
/// try has a new one. A statement whose fate is unknown may be sent again, at the price of a gap.
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

/// Whether the error says that the connection is gone, rather than that the statement is wrong.
fn is_connection_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        // Class 57P, operator intervention: the server shuts down or has cut the connection.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
