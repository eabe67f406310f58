//! Reads a request's body before the request goes on, within bounds of size, time and memory.
//!
//! A handler so never waits for a client, and a request that is in progress makes progress. It is what a proxy in front
//! of a service does, for the same reason.

use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{Request, StatusCode, request::Parts};
use http_body::Body as HttpBody;
use pin_project_lite::pin_project;
use prometheus::IntCounter;
use tower::{Layer, Service};
use tracing::debug;

use super::{deadline::Deadline, problem::Problem};

/// The bounds of the requests' bodies.
#[derive(Clone, Copy, Debug)]
pub struct BodyBufferLayer {
    /// Never freed: there is one set for each server, and requests that counted references to it would fight over the count.
    bounds: &'static Bounds,
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
            bounds: Box::leak(Box::new(Bounds {
                limit,
                patience,
                memory,
                held: AtomicUsize::new(0),
                shed,
            })),
        }
    }
}

impl<S> Layer<S> for BodyBufferLayer {
    type Service = BodyBuffer<S>;

    fn layer(&self, inner: S) -> BodyBuffer<S> {
        BodyBuffer {
            inner,
            bounds: self.bounds,
        }
    }
}

/// The service that [`BodyBufferLayer`] makes.
#[derive(Clone, Debug)]
pub struct BodyBuffer<S> {
    inner: S,
    bounds: &'static Bounds,
}

impl<S, B> Service<Request<B>> for BodyBuffer<S>
where
    S: Service<Request<Body>, Response = Response, Error: Send, Future: Send> + Clone + Send + 'static,
    B: HttpBody<Data = Bytes, Error: std::error::Error> + Unpin + Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BufferedResponse<S, B>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (head, body) = request.into_parts();
        if body.is_end_stream() {
            return BufferedResponse::WithoutBody {
                inner: self.inner.call(Request::from_parts(head, Body::empty())),
            };
        }
        // The one that was asked whether it is ready, not its clone.
        let next = self.inner.clone();
        let inner = mem::replace(&mut self.inner, next);
        BufferedResponse::WithBody {
            waiting: Some((inner, head)),
            body: ReadBody::new(self.bounds, body),
        }
    }
}

pin_project! {
    /// Waits for a response, and before that for the request's body, if there is one.
    #[project = Projection]
    pub enum BufferedResponse<S, B>
    where
        S: Service<Request<Body>>,
    {
        /// Nothing is to be read, or no more.
        WithoutBody { #[pin] inner: S::Future },
        /// Its body is read first. Who waits for it is there until then.
        WithBody { waiting: Option<(S, Parts)>, body: ReadBody<B> },
    }
}

impl<S, B> Future for BufferedResponse<S, B>
where
    S: Service<Request<Body>, Response = Response>,
    B: HttpBody<Data = Bytes, Error: std::error::Error> + Unpin,
{
    type Output = Result<S::Response, S::Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Projection::WithBody { waiting, body } = self.as_mut().project() {
            let bytes = match ready!(Pin::new(body).poll(context)) {
                Ok(bytes) => bytes,
                Err(problem) => return Poll::Ready(Ok(problem.into_response())),
            };
            let (mut inner, head) = waiting.take().expect("a future is not polled after it was ready");
            let inner = inner.call(Request::from_parts(head, Body::from(bytes)));
            self.set(BufferedResponse::WithoutBody { inner });
        }
        match self.project() {
            Projection::WithoutBody { inner } => inner.poll(context),
            Projection::WithBody { .. } => unreachable!("it was read"),
        }
    }
}

/// Reads a body to its end, or finds out why it is not to be had.
#[derive(Debug)]
pub struct ReadBody<B> {
    body: B,
    /// There until all was read.
    held: Option<Held>,
    deadline: Deadline,
}

impl<B> ReadBody<B> {
    fn new(bounds: &'static Bounds, body: B) -> Self {
        Self {
            body,
            held: Some(Held::none(bounds)),
            deadline: Deadline::after(bounds.patience),
        }
    }
}

impl<B> Future for ReadBody<B>
where
    B: HttpBody<Data = Bytes, Error: std::error::Error> + Unpin,
{
    type Output = Result<Bytes, Problem>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { body, held, deadline } = &mut *self;
        let reading = held.as_mut().expect("a future is not polled after it was ready");
        // A length that is declared is refused before a byte of it is read.
        reading.expect(body.size_hint().lower())?;
        // A body of known length says with its last piece that it is done.
        while !body.is_end_stream() {
            match Pin::new(&mut *body).poll_frame(context) {
                Poll::Ready(None) => break,
                Poll::Ready(Some(frame)) => {
                    let frame = frame.map_err(|error| {
                        debug!(%error, "a body broke off");
                        Problem::bad_request("The body could not be read to its end.")
                    })?;
                    // What is no data are trailers, which no handler wants.
                    if let Ok(data) = frame.into_data() {
                        reading.take(&data)?;
                    }
                }
                Poll::Pending => {
                    ready!(deadline.poll(context));
                    return Poll::Ready(Err(Problem::new(
                        StatusCode::REQUEST_TIMEOUT,
                        "The body did not arrive in time.",
                    )));
                }
            }
        }
        Poll::Ready(Ok(held.take().map_or_else(Bytes::new, Bytes::from_owner)))
    }
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
    bounds: &'static Bounds,
}

impl Held {
    fn none(bounds: &'static Bounds) -> Self {
        Self {
            bytes: Vec::new(),
            bounds,
        }
    }

    /// So many bytes are still to come, at least.
    fn expect(&self, bytes: u64) -> Result<(), Problem> {
        if bytes > self.bounds.limit as u64 {
            return Err(too_large());
        }
        Ok(())
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

    fn bounds(limit: usize, memory: usize) -> &'static Bounds {
        BodyBufferLayer::new(
            limit,
            Duration::from_millis(50),
            memory,
            IntCounter::new("shed", "shed").expect("a name"),
        )
        .bounds
    }

    async fn status(bounds: &'static Bounds, body: Body) -> StatusCode {
        ReadBody::new(bounds, body)
            .await
            .expect_err("a refusal")
            .into_response()
            .status()
    }

    #[tokio::test]
    async fn memory_is_held_as_long_as_the_bytes_are() {
        let bounds = bounds(100, 150);
        let first = ReadBody::new(bounds, Full::from(vec![1; 100]))
            .await
            .expect("there is room");
        let copy = first.clone();
        assert_eq!(status(bounds, Body::from(vec![2; 100])).await, 503);
        assert_eq!(bounds.shed.get(), 1);

        drop(first);
        assert_eq!(status(bounds, Body::from(vec![2; 100])).await, 503);
        drop(copy);
        assert_eq!(bounds.held.load(Ordering::Relaxed), 0);
        ReadBody::new(bounds, Full::from(vec![2; 100]))
            .await
            .expect("there is room again");
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_refused_when_it_exceeds_the_limit() {
        let bounds = bounds(100, 1000);
        let pieces = futures_util::stream::iter(
            (0..3).map(|_| Ok::<_, std::io::Error>(http_body::Frame::data(Bytes::from_static(&[7; 40])))),
        );
        assert_eq!(status(bounds, Body::new(StreamBody::new(pieces))).await, 413);
        assert_eq!(bounds.held.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_given_up() {
        let never = futures_util::stream::pending::<Result<http_body::Frame<Bytes>, std::io::Error>>();
        assert_eq!(status(bounds(100, 1000), Body::new(StreamBody::new(never))).await, 408);
    }
}
