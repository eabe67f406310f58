//! Reads a request's body before the request goes on, within bounds of size, time and memory.
//!
//! A handler so never waits for a client, and a request that is in progress makes progress. It is what a proxy in front
//! of a service does, for the same reason.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body::Body as HttpBody;
use http_body_util::BodyExt;
use pin_project_lite::pin_project;
use prometheus::IntCounter;
use tokio::time::timeout;
use tower::{Layer, Service, ServiceExt, util::Oneshot};
use tracing::debug;

use super::problem::Problem;

/// The bounds of the requests' bodies.
#[derive(Clone, Debug)]
pub struct BodyBufferLayer {
    bounds: Arc<Bounds>,
}

#[derive(Debug)]
struct Bounds {
    /// The most bytes of one body.
    limit: usize,
    /// How long a client may take to send one.
    patience: Duration,
    /// The most bytes of all bodies.
    memory: usize,
    held: AtomicUsize,
    shed: IntCounter,
}

impl BodyBufferLayer {
    /// Takes bodies of `limit` bytes at most that arrive within `patience`, and holds `memory` bytes of them at a time.
    /// Requests that find no memory left are answered with 503, and counted by `shed`.
    pub fn new(limit: usize, patience: Duration, memory: usize, shed: IntCounter) -> Self {
        Self {
            bounds: Arc::new(Bounds {
                limit,
                patience,
                memory,
                held: AtomicUsize::new(0),
                shed,
            }),
        }
    }
}

impl<S> Layer<S> for BodyBufferLayer {
    type Service = BodyBuffer<S>;

    fn layer(&self, inner: S) -> BodyBuffer<S> {
        BodyBuffer {
            inner,
            bounds: Arc::clone(&self.bounds),
        }
    }
}

/// The service that [`BodyBufferLayer`] makes.
#[derive(Clone, Debug)]
pub struct BodyBuffer<S> {
    inner: S,
    bounds: Arc<Bounds>,
}

impl<S, B> Service<Request<B>> for BodyBuffer<S>
where
    S: Service<Request<Body>, Response = Response, Error: Send, Future: Send> + Clone + Send + 'static,
    B: HttpBody<Data = Bytes, Error: std::error::Error> + Unpin + Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BufferedResponse<S>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        // The service inside is asked when it is called, which may be later.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let inner = self.inner.clone();
        let (head, body) = request.into_parts();
        if body.is_end_stream() {
            return BufferedResponse::WithoutBody {
                inner: inner.oneshot(Request::from_parts(head, Body::empty())),
            };
        }
        let bounds = Arc::clone(&self.bounds);
        BufferedResponse::WithBody {
            inner: Box::pin(async move {
                match read(&bounds, body).await {
                    Ok(bytes) => inner.oneshot(Request::from_parts(head, Body::from(bytes))).await,
                    Err(problem) => Ok(problem.into_response()),
                }
            }),
        }
    }
}

pin_project! {
    /// Waits for a response; most requests have no body, and nothing to be read before.
    #[project = Projection]
    pub enum BufferedResponse<S>
    where
        S: Service<Request<Body>>,
    {
        /// The request is served at once.
        WithoutBody { #[pin] inner: Oneshot<S, Request<Body>> },
        /// Its body is read first.
        WithBody { inner: Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>> },
    }
}

impl<S: Service<Request<Body>>> Future for BufferedResponse<S> {
    type Output = Result<S::Response, S::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projection::WithoutBody { inner } => inner.poll(context),
            Projection::WithBody { inner } => inner.as_mut().poll(context),
        }
    }
}

/// The whole body, or why it is not to be had.
async fn read<B>(bounds: &Arc<Bounds>, body: B) -> Result<Bytes, Problem>
where
    B: HttpBody<Data = Bytes, Error: std::error::Error> + Unpin,
{
    // A length that is declared is refused before a byte of it is read.
    if body.size_hint().lower() > bounds.limit as u64 {
        return Err(too_large());
    }
    timeout(bounds.patience, collect(bounds, body))
        .await
        .unwrap_or_else(|_| {
            Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "The body did not arrive in time.",
            ))
        })
}

async fn collect<B>(bounds: &Arc<Bounds>, mut body: B) -> Result<Bytes, Problem>
where
    B: HttpBody<Data = Bytes, Error: std::error::Error> + Unpin,
{
    let mut held = Held::none(bounds);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            debug!(%error, "a body broke off");
            Problem::bad_request("The body could not be read to its end.")
        })?;
        // What is no data are trailers, which no handler wants.
        if let Ok(data) = frame.into_data() {
            held.take(&data)?;
        }
    }
    Ok(Bytes::from_owner(held))
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The body is larger than this service takes.",
    )
}

/// A body's bytes. Their memory counts until the last who has them lets go: the handler, or the reply that repeats them.
#[derive(Debug)]
struct Held {
    bytes: Vec<u8>,
    bounds: Arc<Bounds>,
}

impl Held {
    fn none(bounds: &Arc<Bounds>) -> Self {
        Self {
            bytes: Vec::new(),
            bounds: Arc::clone(bounds),
        }
    }

    /// Copies what has come. A frame is a piece of the connection's buffer, all of which it would keep.
    fn take(&mut self, data: &Bytes) -> Result<(), Problem> {
        if self.bytes.len() + data.len() > self.bounds.limit {
            return Err(too_large());
        }
        let before = self.bytes.capacity();
        self.bytes.extend_from_slice(data);
        let grown = self.bytes.capacity() - before;
        if self.bounds.held.fetch_add(grown, Ordering::Relaxed) + grown > self.bounds.memory {
            self.bounds.shed.inc();
            return Err(Problem::overloaded(
                "Too many large bodies are being served; try again in a moment.",
            ));
        }
        Ok(())
    }
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.bounds.held.fetch_sub(self.bytes.capacity(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{Full, StreamBody};

    use super::*;

    fn bounds(limit: usize, memory: usize) -> Arc<Bounds> {
        BodyBufferLayer::new(
            limit,
            Duration::from_millis(50),
            memory,
            IntCounter::new("shed", "shed").expect("a name"),
        )
        .bounds
    }

    async fn status(bounds: &Arc<Bounds>, body: Body) -> StatusCode {
        read(bounds, body)
            .await
            .expect_err("a refusal")
            .into_response()
            .status()
    }

    #[tokio::test]
    async fn memory_is_held_as_long_as_the_bytes_are() {
        let bounds = bounds(100, 150);
        let first = read(&bounds, Full::from(vec![1; 100])).await.expect("there is room");
        let copy = first.clone();
        assert_eq!(status(&bounds, Body::from(vec![2; 100])).await, 503);
        assert_eq!(bounds.shed.get(), 1);

        drop(first);
        assert_eq!(status(&bounds, Body::from(vec![2; 100])).await, 503);
        drop(copy);
        assert_eq!(bounds.held.load(Ordering::Relaxed), 0);
        read(&bounds, Full::from(vec![2; 100]))
            .await
            .expect("there is room again");
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_refused_when_it_exceeds_the_limit() {
        let bounds = bounds(100, 1000);
        let pieces = futures_util::stream::iter(
            (0..3).map(|_| Ok::<_, std::io::Error>(http_body::Frame::data(Bytes::from_static(&[7; 40])))),
        );
        assert_eq!(status(&bounds, Body::new(StreamBody::new(pieces))).await, 413);
        assert_eq!(bounds.held.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let never = futures_util::stream::pending::<Result<http_body::Frame<Bytes>, std::io::Error>>();
        assert_eq!(status(&bounds(100, 1000), Body::new(StreamBody::new(never))).await, 408);
    }
}
