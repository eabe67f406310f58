//! Serves a tower service over HTTP/1.1 until it is told to stop, then lets what runs come to its end.

mod connections;
mod descriptors;
mod write_timeout;

use std::{
    error::Error,
    io,
    pin::pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::FutureExt;
use http::{HeaderValue, Request, Response, header};
use http_body::Body;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};
use tower::Service;
use tracing::{debug, info, warn};

use self::{
    connections::{Connections, OccupyingBody, until_left},
    write_timeout::WriteTimeout,
};
use super::{limits::Limits, metrics::ServerMetrics};

/// How long a connection that was just opened may take to bring its request while the server ends.
const LAST_CALL: Duration = Duration::from_millis(300);

/// Serves until `stop` resolves. Then it
///
/// 1. serves on for a moment, so that balancers see that it is not ready, and ends each connection with its next reply,
/// 2. takes no more connections, and lets the requests in progress end, within a bound.
///
/// The service must be ready whenever a request comes: it is not asked before. So is axum's router, and what goes around it
/// here; a limit answers, or lets its future wait.
///
/// Where the service gives an error instead of a response, the connection is closed and nothing is sent.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    stop: impl Future<Output = ()>,
    limits: Limits,
    metrics: ServerMetrics,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let server = Server {
        connections: Connections::new(descriptors::room_for(limits.max_connections), metrics.clone()),
        http: http_of(&limits),
        service,
        write_timeout: limits.write_timeout,
        metrics,
    };
    let connections = server.connections.clone();
    tokio::select! {
        () = server.run(listener, stop, &limits) => {}
        () = connections.look_after(limits.header_timeout) => {}
    }
}

/// The most headers is hyper's default, 100: to set any number would cost an allocation for each request. So would hyper's
/// own time limit for a head, and a timer; see [`Connections::look_after`].
fn http_of(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.max_header_size(limits.header_limit)
        // What is read ahead of a body, too: with the number of connections it bounds the memory that they take.
        .max_buf_size(limits.header_limit);
    http
}

struct Server<S> {
    connections: Connections,
    http: http1::Builder,
    service: S,
    write_timeout: Duration,
    metrics: ServerMetrics,
}

impl<S, B> Server<S>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    async fn run(self, listener: TcpListener, stop: impl Future<Output = ()>, limits: &Limits) {
        self.accept_until(&listener, stop).await;
        self.connections.announce_close();
        self.accept_until(&listener, sleep(limits.shutdown_delay)).await;
        // Whoever the kernel has connected before the listener closes is still served.
        while let Some(Ok((stream, _))) = listener.accept().now_or_never() {
            self.start(stream);
        }
        drop(listener);

        let open = self.connections.count();
        if timeout(limits.shutdown_timeout, self.connections.drain())
            .await
            .is_err()
        {
            warn!(
                after = ?limits.shutdown_timeout,
                "requests were still in progress when the time to drain was over; they are cut off"
            );
        } else {
            info!(connections = open, "drained");
        }
    }

    async fn accept_until(&self, listener: &TcpListener, stop: impl Future<Output = ()>) {
        let accept = async {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        self.connections.make_room().await;
                        self.start(stream);
                    }
                    Err(error) => self.refused(&error).await,
                }
            }
        };
        tokio::select! {
            () = stop => {}
            () = accept => {}
        }
    }

    /// The system gives no connection: no file descriptor is left, most likely. Where a client keeps one that it does
    /// not use, that one is closed; else only time can mend it.
    async fn refused(&self, error: &io::Error) {
        self.metrics.accept_errors.inc();
        warn!(%error, "cannot accept a connection");
        self.connections.evict_one().await;
    }

    fn start(&self, stream: TcpStream) {
        // Answers are small and whole: there is nothing to gain from waiting for more bytes to send.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "connection without TCP_NODELAY");
        }
        let member = self.connections.join();
        let seat = member.seat().clone();
        let io = TokioIo::new(WriteTimeout::new(stream, self.write_timeout, seat.clone()));
        // One for the connection, whose requests come one after the other: nobody ever waits for the lock. A clone for each
        // request would count references in memory that all processors write to.
        let service = Mutex::new(self.service.clone());
        let answer = service_fn(move |request| {
            let occupied = member.occupy();
            let response = service.lock().unwrap_or_else(PoisonError::into_inner).call(request);
            async move {
                let mut response = response.await?;
                if occupied.seat().is_closing() {
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(header::CONNECTION, close);
                }
                Ok::<_, S::Error>(response.map(|body| OccupyingBody::new(body, occupied)))
            }
        });
        let connection = self.http.serve_connection(io, answer);
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let last_call = || {
                if seat.is_closing() { LAST_CALL } else { Duration::ZERO }
            };
            let ended = until_left(connection.as_mut(), &seat, last_call, |connection| {
                connection.graceful_shutdown();
            });
            if let Some(Err(error)) = ended.await {
                debug!(%error, "connection ended early");
            }
        });
    }
}

/// Resolves with the first SIGTERM or SIGINT.
///
/// # Panics
///
/// Panics if the process cannot install a signal handler.
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
