//! The open connections, and which of them is closed when there is no room for another.
//!
//! The policy is nginx's: a client that has sent no request yet, or no further one, makes room for a new one. A connection
//! that serves a request is never closed for another. A thousand clients that open connections and send a byte a second,
//! or nothing at all, only evict each other.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::web::metrics::ServerMetrics;

/// How long an eviction waits for a connection to close before the next one is tried.
const EVICTION_PAUSE: Duration = Duration::from_millis(100);

/// How long a new connection has to send its first request before it may be evicted.
const FIRST_REQUEST_GRACE: Duration = Duration::from_secs(1);

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

/// What is known of one connection.
#[derive(Debug)]
pub struct Connection {
    activity: Mutex<Activity>,
    /// Cancelled when this connection has to close.
    close: CancellationToken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Activity {
    /// It has sent no request since it was opened.
    New(Instant),
    /// It has sent no request since the reply to its last one.
    Idle(Instant),
    Busy,
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
        let connection = Arc::new(Connection {
            activity: Mutex::new(Activity::New(Instant::now())),
            close: self.close.child_token(),
        });
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
            let waiting = open.values().filter(|connection| !connection.close.is_cancelled());
            waiting.min_by_key(|connection| connection.activity()).cloned()
        };
        // Where all are busy, or new, a later attempt finds one.
        if let Some(connection) = longest_waiting.filter(|connection| connection.is_evictable()) {
            self.metrics.evicted.inc();
            connection.close.cancel();
        }
        let _ = timeout(EVICTION_PAUSE, self.closed.notified()).await;
    }

    /// Closes each connection after the request that it serves, and waits until all are closed.
    pub async fn drain(&self) {
        self.close.cancel();
        while self.count() > 0 {
            self.closed.notified().await;
        }
    }
}

impl Connection {
    /// Marks the connection as busy until the guard is dropped.
    pub fn begin_request(self: &Arc<Self>) -> RequestGuard {
        *lock(&self.activity) = Activity::Busy;
        RequestGuard(Arc::clone(self))
    }

    /// Resolves when the connection has to close.
    pub async fn close_requested(&self) {
        self.close.cancelled().await;
    }

    /// Returns whether the connection has sent no request yet.
    pub fn is_new(&self) -> bool {
        matches!(self.activity(), Activity::New(_))
    }

    fn activity(&self) -> Activity {
        *lock(&self.activity)
    }

    fn is_evictable(&self) -> bool {
        match self.activity() {
            Activity::New(since) => since.elapsed() >= FIRST_REQUEST_GRACE,
            Activity::Idle(_) => true,
            Activity::Busy => false,
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

/// A request that a connection serves.
#[derive(Debug)]
pub struct RequestGuard(Arc<Connection>);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        *lock(&self.0.activity) = Activity::Idle(Instant::now());
    }
}

/// No code panics while it holds one of these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
