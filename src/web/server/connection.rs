//! One connection, as far as the server needs to know what it does.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

use super::lock;
use crate::web::limits::Limits;

/// How long a new connection has to send its first request before it may be evicted.
const FIRST_REQUEST_GRACE: Duration = Duration::from_secs(1);

/// What a connection does, and the signal to close it.
#[derive(Debug)]
pub struct Connection {
    state: Mutex<State>,
    /// Cancelled when this connection has to close.
    close: CancellationToken,
}

#[derive(Clone, Copy, Debug)]
struct State {
    activity: Activity,
    /// When the first bytes of a request's head arrived, if the rest has not.
    head_begun: Option<Instant>,
}

/// Ordered by which connection is evicted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Activity {
    /// It has sent no request since it was opened.
    New(Instant),
    /// It has sent no request since the reply to its last one.
    Idle(Instant),
    Busy,
}

impl Connection {
    /// Returns a connection that was just opened, to be closed by this token.
    pub fn new(close: CancellationToken) -> Self {
        Self {
            state: Mutex::new(State {
                activity: Activity::New(Instant::now()),
                head_begun: None,
            }),
            close,
        }
    }

    /// Records that the client has sent something.
    pub fn received(&self) {
        let mut state = lock(&self.state);
        if state.activity != Activity::Busy && state.head_begun.is_none() {
            state.head_begun = Some(Instant::now());
        }
    }

    /// Marks the connection as busy until the guard is dropped.
    pub fn begin_request(self: &Arc<Self>) -> RequestGuard {
        *lock(&self.state) = State {
            activity: Activity::Busy,
            head_begun: None,
        };
        RequestGuard(Arc::clone(self))
    }

    /// Tells the connection to close.
    pub fn close(&self) {
        self.close.cancel();
    }

    /// Returns whether the connection has been told to close.
    pub fn is_closing(&self) -> bool {
        self.close.is_cancelled()
    }

    /// Resolves when the connection has to close.
    pub async fn close_requested(&self) {
        self.close.cancelled().await;
    }

    /// Returns what the connection does.
    pub fn activity(&self) -> Activity {
        lock(&self.state).activity
    }

    /// Returns whether the connection has sent no request yet.
    pub fn is_new(&self) -> bool {
        matches!(self.activity(), Activity::New(_))
    }

    /// Returns whether a request is in progress.
    pub fn is_busy(&self) -> bool {
        self.activity() == Activity::Busy
    }

    /// Returns whether the connection may be closed to make room for another.
    pub fn is_evictable(&self) -> bool {
        match self.activity() {
            Activity::New(since) => since.elapsed() >= FIRST_REQUEST_GRACE,
            Activity::Idle(_) => true,
            Activity::Busy => false,
        }
    }

    /// Returns whether the connection has been idle, or a head has been arriving, for longer than allowed.
    pub fn is_overdue(&self, limits: &Limits) -> bool {
        let State { activity, head_begun } = *lock(&self.state);
        let head_overdue = |since: Instant| since.elapsed() > limits.header_timeout;
        match activity {
            Activity::New(since) => head_overdue(since),
            Activity::Idle(since) => head_begun.map_or(since.elapsed() > limits.idle_timeout, head_overdue),
            Activity::Busy => false,
        }
    }
}

/// A request that a connection serves.
#[derive(Debug)]
pub struct RequestGuard(Arc<Connection>);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        lock(&self.0.state).activity = Activity::Idle(Instant::now());
    }
}
