//! Serves a tower service over HTTP/1.1 until it is told to stop, then lets what runs come to its end.

use std::{error::Error, time::Duration};

use http::{Request, Response};
use http_body::Body;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};
use tower::Service;
use tracing::{debug, info, warn};

/// How long a client may take to send a request's head. Also ends connections that stay idle longer than that.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// The pause after a failed accept: out of file descriptors is a state that only time can mend.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves, then takes no more connections and waits for the requests in progress, at most
/// `drain` long. Idle connections are closed at once. Where the service gives an error instead of a response, the
/// connection is closed and nothing is sent.
pub async fn serve<S, B>(listener: TcpListener, service: S, stop: impl Future<Output = ()>, drain: Duration)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_READ_TIMEOUT);
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);

    loop {
        let stream = tokio::select! {
            stream = accept(&listener) => stream,
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(service.clone());
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!(%error, "connection ended early");
            }
        });
    }

    drop(listener);
    let open = connections.count();
    if timeout(drain, connections.shutdown()).await.is_err() {
        warn!(
            ?drain,
            "requests were still in progress when the time to drain was over; they are cut off"
        );
    } else {
        info!(connections = open, "drained");
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and whole: there is nothing to gain from waiting for more bytes to send.
                if let Err(error) = stream.set_nodelay(true) {
                    debug!(%error, "connection without TCP_NODELAY");
                }
                return stream;
            }
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
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
