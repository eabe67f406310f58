//! The open connections, which of them are closed because they are overdue, and which when there is no room for another.
//!
//! The policy is nginx's: a client that has sent no request yet, or no further one, makes room for a new one. A connection
//! that serves a request is never closed for another. A thousand clients that open connections and send a byte a second,
//! or nothing at all, only evict each other.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{interval, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{connection::Connection, lock};
use crate::web::{limits::Limits, metrics::ServerMetrics};

/// How long an eviction waits for a connection to close before the next one is tried.
const EVICTION_PAUSE: Duration = Duration::from_millis(100);

/// Interval between checks for overdue connections.
///
/// hyper's own limit for a head is a timer of each connection, which costs about 8 % of a request's user CPU, and it
/// knows no other limit for an idle connection.
const REAP_INTERVAL: Duration = Duration::from_millis(500);

/// All connections of a server.
#[derive(Debug)]
pub struct Connections {
    max: usize,
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    next_id: AtomicU64,
    closed: Notify,
    /// Cancelled when all connections have to close.
    close: CancellationToken,
    metrics: ServerMetrics,
}

impl Connections {
    /// Returns an empty set for at most `max` connections.
    pub fn new(max: usize, metrics: ServerMetrics) -> Arc<Self> {
        metrics.max_connections.set(max as i64);
        Arc::new(Self {
            max,
            open: Mutex::default(),
            next_id: AtomicU64::new(0),
            closed: Notify::new(),
            close: CancellationToken::new(),
            metrics,
        })
    }

    /// Adds a connection, which is counted until the guard is dropped.
    pub fn open(self: &Arc<Self>) -> ConnectionGuard {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection::new(self.close.child_token()));
        lock(&self.open).insert(id, Arc::clone(&connection));
        self.metrics.connections.inc();
        ConnectionGuard {
            id,
            connection,
            connections: Arc::clone(self),
        }
    }

    /// Returns the number of open connections.
    pub fn count(&self) -> usize {
        lock(&self.open).len()
    }

    /// Waits until there is room for one more connection, and evicts idle ones to make it.
    pub async fn make_room(&self) {
        while self.count() >= self.max {
            self.evict_one().await;
        }
    }

    /// Closes the connection that has waited the longest for a request, new ones first, and waits a moment for any to close.
    pub async fn evict_one(&self) {
        let longest_waiting = {
            let open = lock(&self.open);
            let waiting = open.values().filter(|connection| !connection.is_closing());
            waiting.min_by_key(|connection| connection.activity()).cloned()
        };
        // Where all are busy, or new, a later attempt finds one.
        if let Some(connection) = longest_waiting.filter(|connection| connection.is_evictable()) {
            self.metrics.evicted.inc();
            connection.close();
        }
        let _ = timeout(EVICTION_PAUSE, self.closed.notified()).await;
    }

    /// Closes the connections that exceed a limit of time, indefinitely.
    pub async fn reap_overdue(&self, limits: &Limits) -> Infallible {
        let mut checks = interval(REAP_INTERVAL);
        loop {
            checks.tick().await;
            let open = lock(&self.open);
            let overdue = open.values().filter(|connection| connection.is_overdue(limits));
            overdue.for_each(|connection| connection.close());
        }
    }

    /// Closes each connection after the request that it serves, and waits until all are closed.
    pub async fn drain(&self) {
        self.close.cancel();
        while self.count() > 0 {
            self.closed.notified().await;
        }
    }
}

/// An open connection.
#[derive(Debug)]
pub struct ConnectionGuard {
    id: u64,
    connection: Arc<Connection>,
    connections: Arc<Connections>,
}

impl ConnectionGuard {
    /// Returns the connection.
    pub fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        lock(&self.connections.open).remove(&self.id);
        self.connections.metrics.connections.dec();
        self.connections.closed.notify_one();
    }
}
