//! Serves a tower service over HTTP/1.1 until it is asked to stop, then lets the requests in progress end.
//!
//! `axum::serve` does neither of what is own here: it cannot limit the connections, close idle ones for new ones, limit the
//! time for receiving a reply, answer a client that has closed its sending half, or tell clients that a connection is about
//! to close.

mod connection;
mod connections;
mod descriptors;
mod keep_alive;
mod track_reads;
mod write_timeout;

use std::{
    io,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::BoxError;
use futures_util::FutureExt;
use http::{Request, Response};
use http_body::Body;
use http_body_util::BodyExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    task::yield_now,
    time::{sleep, timeout},
};
use tower::{Service, ServiceExt};
use tracing::{debug, info, warn};

use self::{connections::Connections, keep_alive::KeepAlive, track_reads::TrackReads, write_timeout::WriteTimeout};
use super::{limits::Limits, metrics::ServerMetrics};

/// How long a connection that was just opened may take to send its first request while the server shuts down.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(300);

/// Serves until `stop` resolves. Then it
///
/// 1. serves on for `shutdown_delay`, so that load balancers see that it is not ready, and closes each connection with its
///    next reply,
/// 2. accepts no more connections, and gives the requests in progress `shutdown_timeout` to end.
///
/// Where the service returns an error instead of a response, the connection is closed and nothing is sent.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    stop: impl Future<Output = ()>,
    limits: Limits,
    metrics: ServerMetrics,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error: Into<BoxError>, Future: Send> + Clone + Send + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    let mut http = http1::Builder::new();
    http.header_read_timeout(None)
        .max_header_size(limits.header_limit)
        // With the number of connections this limits the memory of what is read ahead.
        .max_buf_size(limits.header_limit);
    let server = Server {
        connections: Connections::new(descriptors::room_for(limits.max_connections), metrics.clone()),
        closing: Arc::default(),
        keep_alive: KeepAlive::new(limits.idle_timeout),
        http,
        service,
        write_timeout: limits.write_timeout,
        metrics,
    };
    tokio::select! {
        () = server.run(listener, stop, &limits) => {}
        never = server.connections.reap_overdue(&limits) => match never {},
    }
}

struct Server<S> {
    connections: Arc<Connections>,
    /// Set when every reply has to say that its connection closes, so that clients send no request on one that is about to.
    closing: Arc<AtomicBool>,
    keep_alive: KeepAlive,
    http: http1::Builder,
    service: S,
    write_timeout: Duration,
    metrics: ServerMetrics,
}

impl<S, B> Server<S>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error: Into<BoxError>, Future: Send> + Clone + Send + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    async fn run(&self, listener: TcpListener, stop: impl Future<Output = ()>, limits: &Limits) {
        self.accept_until(&listener, stop).await;
        self.closing.store(true, Ordering::Relaxed);
        self.accept_until(&listener, sleep(limits.shutdown_delay)).await;
        // What the kernel has accepted before the listener closes is still served.
        while let Some(Ok((stream, _))) = listener.accept().now_or_never() {
            self.start(stream);
        }
        drop(listener);
        self.drain(limits.shutdown_timeout).await;
    }

    async fn accept_until(&self, listener: &TcpListener, stop: impl Future<Output = ()>) {
        let accept = async {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        self.connections.make_room().await;
                        self.start(stream);
                    }
                    Err(error) => self.accept_failed(&error).await,
                }
            }
        };
        tokio::select! {
            () = stop => {}
            () = accept => {}
        }
    }

    /// Most likely no file descriptor is left: an idle connection is closed to free one.
    async fn accept_failed(&self, error: &io::Error) {
        self.metrics.accept_errors.inc();
        warn!(%error, "cannot accept a connection");
        self.connections.evict_one().await;
    }

    async fn drain(&self, limit: Duration) {
        let open = self.connections.count();
        if timeout(limit, self.connections.drain()).await.is_ok() {
            info!(connections = open, "drained");
        } else {
            warn!(
                after = ?limit,
                "requests were still in progress at the end of the shutdown timeout; they are cut off"
            );
        }
    }

    fn start(&self, stream: TcpStream) {
        // Replies are small and whole: there is nothing to gain from waiting for more bytes to send.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "connection without TCP_NODELAY");
        }
        let guard = self.connections.open();
        let (connection, service) = (Arc::clone(guard.connection()), self.service.clone());
        let (closing, closing_on_reply) = (Arc::clone(&self.closing), Arc::clone(&self.closing));
        let io = TrackReads::new(
            WriteTimeout::new(stream, self.write_timeout),
            Arc::clone(guard.connection()),
        );
        let keep_alive = self.keep_alive.clone();
        let answer = service_fn(move |request| {
            let guard = connection.begin_request();
            let persistent = keep_alive::is_wanted(&request);
            let (response, closing) = (service.clone().oneshot(request), Arc::clone(&closing_on_reply));
            let keep_alive = keep_alive.clone();
            async move {
                let mut response = response.await?;
                if closing.load(Ordering::Relaxed) {
                    keep_alive::close(response.headers_mut());
                } else if persistent {
                    keep_alive.announce(response.headers_mut());
                }
                // The closure owns the guard: the request ends when hyper drops the response's body.
                let guarded = |body: B| {
                    body.map_err(move |error| {
                        let _ = &guard;
                        error
                    })
                };
                Ok::<_, S::Error>(response.map(guarded))
            }
        });
        let http = self.http.serve_connection(TokioIo::new(io), answer);
        tokio::spawn(async move {
            let (mut http, connection) = (pin!(http), guard.connection());
            let ended = tokio::select! {
                ended = http.as_mut() => ended,
                () = connection.close_requested() => {
                    // A request may have arrived that was not read yet, and a new connection is about to send one.
                    yield_now().await;
                    let expects_request = connection.is_new() && closing.load(Ordering::Relaxed);
                    let patience = if expects_request { SHUTDOWN_GRACE } else { Duration::ZERO };
                    match timeout(patience, http.as_mut()).await {
                        Ok(ended) => ended,
                        // hyper would wait for the rest of a first head.
                        Err(_) if connection.is_new() => return,
                        Err(_) => {
                            http.as_mut().graceful_shutdown();
                            http.await
                        }
                    }
                }
            };
            if let Err(error) = ended {
                debug!(%error, "connection ended early");
            }
        });
    }
}

/// Resolves with the first SIGTERM or SIGINT.
pub fn stop_signal() -> impl Future<Output = ()> {
    // Installed here, not at the first poll: a signal during the start must not be missed.
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be handled");
    let mut interrupt = signal(SignalKind::interrupt()).expect("SIGINT can be handled");
    async move {
        tokio::select! {
            _ = terminate.recv() => info!("SIGTERM: stopping"),
            _ = interrupt.recv() => info!("SIGINT: stopping"),
        }
    }
}

/// No code of the server panics while it holds one of its locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
