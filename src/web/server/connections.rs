//! The connections that are open, and who has to leave when there is no room for another.
//!
//! The policy is that of nginx: a client that has asked nothing yet, or nothing more, gives way to one that comes.
//! A connection that serves a request is never closed for another. So a thousand clients that open connections and send
//! a byte a second, or nothing at all, take nothing from those who ask: they only drive each other out.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::{
    sync::Notify,
    task::yield_now,
    time::{sleep, timeout},
};

use crate::web::{deadline::PULSE, metrics::ServerMetrics};

/// How often those who should leave are asked again, while there is no room.
const PAUSE: Duration = Duration::from_millis(100);

/// How often, at least, a client is looked at while it may take its time. A head that is late is so found late by this part
/// of the limit at most.
const LOOKS: u32 = 8;

/// How long a new connection has to bring its first request before another may take its place.
const FIRST_REQUEST: Duration = Duration::from_secs(1);

/// All connections of a server.
#[derive(Clone, Debug)]
pub struct Connections {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    most: usize,
    seats: Mutex<HashMap<u64, Arc<Seat>>>,
    /// A seat was given up.
    left: Notify,
    /// The number of connections that were accepted: a clock that costs nothing to read, and is fine enough to tell
    /// which connection has waited the longest when another comes.
    accepted: AtomicU64,
    closing: AtomicBool,
    metrics: ServerMetrics,
}

/// What is known of one connection.
#[derive(Debug)]
pub struct Seat {
    /// Since when, on the clock of accepted connections, it has waited for a request; [`BUSY`] while it serves one.
    waiting_since: AtomicU64,
    /// How often it was seen to wait since its last request.
    seen_waiting: AtomicU32,
    /// Whether it has served a request before.
    served: AtomicBool,
    /// Whether a part of a reply waits to be sent.
    sending: AtomicBool,
    told_to_leave: AtomicBool,
    called: Notify,
    joined: Instant,
    shared: Arc<Shared>,
}

const BUSY: u64 = u64::MAX;

impl Connections {
    /// No connections, of which there may be `most`.
    pub fn new(most: usize, metrics: ServerMetrics) -> Self {
        metrics.max_connections.set(most as i64);
        Self {
            shared: Arc::new(Shared {
                most,
                seats: Mutex::default(),
                left: Notify::new(),
                accepted: AtomicU64::new(0),
                closing: AtomicBool::new(false),
                metrics,
            }),
        }
    }

    /// Takes in a connection. It is counted until what this returns is dropped.
    pub fn join(&self) -> Member {
        let number = self.shared.accepted.fetch_add(1, Ordering::Relaxed);
        let seat = Arc::new(Seat {
            waiting_since: AtomicU64::new(number),
            seen_waiting: AtomicU32::new(0),
            served: AtomicBool::new(false),
            sending: AtomicBool::new(false),
            told_to_leave: AtomicBool::new(false),
            called: Notify::new(),
            joined: Instant::now(),
            shared: Arc::clone(&self.shared),
        });
        self.shared.seats().insert(number, Arc::clone(&seat));
        self.shared.metrics.connections.inc();
        Member { number, seat }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.shared.seats().len()
    }

    /// Waits until there is room for one more, and makes some where clients keep connections that they do not use.
    pub async fn make_room(&self) {
        while self.count() >= self.shared.most {
            self.evict_one().await;
        }
    }

    /// Tells the one that has waited the longest for a request to leave, those that never sent one first, and waits a
    /// moment for a seat to be given up.
    pub async fn evict_one(&self) {
        let longest = {
            let seats = self.shared.seats();
            let waiting = seats.values().filter(|seat| seat.waits());
            waiting
                .min_by_key(|seat| (seat.has_served(), seat.waiting_since.load(Ordering::Relaxed)))
                .cloned()
        };
        if let Some(seat) = longest.filter(|seat| seat.had_its_chance()) {
            self.shared.metrics.evicted.inc();
            seat.tell_to_leave();
        }
        // Where all are busy, or new, a later one can be told.
        let _ = timeout(PAUSE, self.shared.left.notified()).await;
    }

    /// For ever looks at all connections now and then. Those that serve a request are polled, as a [`Deadline`] needs it.
    /// Those that have not brought a whole head for as long as `limit` are told to leave.
    ///
    /// That costs a request nothing but a store. A timer for each connection would be set and taken back for each request.
    ///
    /// [`Deadline`]: crate::web::deadline::Deadline
    pub async fn look_after(&self, limit: Duration) {
        let pause = (limit / LOOKS).clamp(Duration::from_millis(1), PULSE);
        // What is seen to wait for the first time may have waited for nearly no time.
        let most = limit.div_duration_f64(pause).ceil() + 1.0;
        loop {
            sleep(pause).await;
            for seat in self.shared.seats().values() {
                if !seat.waits() {
                    seat.called.notify_one();
                } else if seat.is_idle() && f64::from(seat.seen_waiting.fetch_add(1, Ordering::Relaxed) + 1) >= most {
                    seat.tell_to_leave();
                }
            }
        }
    }

    /// From now on every reply says that the connection ends with it, so that clients open no request on one that is
    /// about to be closed.
    pub fn announce_close(&self) {
        self.shared.closing.store(true, Ordering::Relaxed);
    }

    /// Tells all to leave after the request that they serve, and waits until they have.
    pub async fn drain(&self) {
        for seat in self.shared.seats().values() {
            seat.tell_to_leave();
        }
        while self.count() > 0 {
            self.shared.left.notified().await;
        }
    }
}

impl Shared {
    fn seats(&self) -> MutexGuard<'_, HashMap<u64, Arc<Seat>>> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Resolves when the connection has to leave.
    pub async fn told_to_leave(&self) {
        while !self.told_to_leave.load(Ordering::Relaxed) {
            self.called.notified().await;
        }
    }

    /// Whether it can be closed without a loss: it serves no request, and no reply is on its way.
    pub fn is_idle(&self) -> bool {
        self.waiting_since.load(Ordering::Relaxed) != BUSY && !self.sending.load(Ordering::Relaxed)
    }

    /// Whether it has served a request.
    pub fn has_served(&self) -> bool {
        self.served.load(Ordering::Relaxed)
    }

    /// Whether replies must say that the connection ends with them.
    pub fn is_closing(&self) -> bool {
        self.shared.closing.load(Ordering::Relaxed)
    }

    /// A part of a reply waits to be sent, or no longer does.
    pub fn sending(&self, sending: bool) {
        self.sending.store(sending, Ordering::Relaxed);
    }

    fn waits(&self) -> bool {
        self.waiting_since.load(Ordering::Relaxed) != BUSY && !self.told_to_leave.load(Ordering::Relaxed)
    }

    fn had_its_chance(&self) -> bool {
        self.has_served() || self.joined.elapsed() >= FIRST_REQUEST
    }

    fn tell_to_leave(&self) {
        self.told_to_leave.store(true, Ordering::Relaxed);
        self.called.notify_one();
    }
}

/// A connection's membership.
#[derive(Debug)]
pub struct Member {
    number: u64,
    seat: Arc<Seat>,
}

impl Member {
    /// Its seat.
    pub fn seat(&self) -> &Arc<Seat> {
        &self.seat
    }

    /// A request has arrived. The connection is busy until what this returns is dropped.
    pub fn occupy(&self) -> Occupied {
        self.seat.waiting_since.store(BUSY, Ordering::Relaxed);
        self.seat.seen_waiting.store(0, Ordering::Relaxed);
        Occupied(Arc::clone(&self.seat))
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let shared = &self.seat.shared;
        shared.seats().remove(&self.number);
        shared.metrics.connections.dec();
        shared.left.notify_one();
    }
}

/// A request that a connection serves.
#[derive(Debug)]
pub struct Occupied(Arc<Seat>);

impl Occupied {
    /// The connection's seat.
    pub fn seat(&self) -> &Seat {
        &self.0
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        let Self(seat) = self;
        seat.served.store(true, Ordering::Relaxed);
        let now = seat.shared.accepted.load(Ordering::Relaxed);
        seat.waiting_since.store(now, Ordering::Relaxed);
    }
}

pin_project! {
    /// A reply's body, which keeps its connection busy until it was handed over.
    #[derive(Debug)]
    pub struct OccupyingBody<B> {
        #[pin]
        inner: B,
        occupied: Occupied,
    }
}

impl<B> OccupyingBody<B> {
    pub fn new(inner: B, occupied: Occupied) -> Self {
        Self { inner, occupied }
    }
}

impl<B: Body> Body for OccupyingBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.project().inner.poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Runs a connection until it has ended, or was told to leave and has.
///
/// One that was told to leave ends the request that it serves; one that has not brought any yet gets `last_call` for it.
/// `close` makes the connection take no other.
pub async fn until_left<C: Future>(
    mut connection: Pin<&mut C>,
    seat: &Seat,
    last_call: impl FnOnce() -> Duration,
    close: impl FnOnce(Pin<&mut C>),
) -> Option<C::Output> {
    tokio::select! {
        output = connection.as_mut() => return Some(output),
        () = seat.told_to_leave() => {}
    }
    // A request may have arrived that was not read yet; and what was opened just now is about to bring one.
    yield_now().await;
    let patience = if seat.has_served() { Duration::ZERO } else { last_call() };
    if let Ok(output) = timeout(patience, connection.as_mut()).await {
        return Some(output);
    }
    close(connection.as_mut());
    while !seat.is_idle() {
        if let Ok(output) = timeout(PAUSE, connection.as_mut()).await {
            return Some(output);
        }
    }
    None
}
