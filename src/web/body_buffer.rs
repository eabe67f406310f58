//! Request body buffering: reads a body before the request goes on, within limits of size, time and memory.
//!
//! A handler never waits for a client, and a request in progress makes progress: what a proxy in front of a service does,
//! for the same reason. axum and tower-http limit the size of one body, but not the memory of all of them.

use std::{sync::Arc, time::Duration};

use axum::{body::Body, extract::Request};
use bytes::Bytes;
use http::StatusCode;
use http_body::Body as _;
use http_body_util::BodyExt;
use prometheus::IntCounter;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tracing::debug;

use super::{limits::Limits, problem::Problem};

/// The most bytes of a rejected body that are read and thrown away.
const DISCARD_LIMIT: usize = 16 << 20;

/// How long a client may take to send them.
const DISCARD_TIMEOUT: Duration = Duration::from_secs(5);

/// The limits of request bodies.
#[derive(Debug)]
pub struct BodyBuffer {
    /// Maximum size of one body, in bytes.
    limit: usize,
    timeout: Duration,
    /// A permit for each byte of all bodies that may be held.
    memory: Arc<Semaphore>,
    shed: IntCounter,
}

impl BodyBuffer {
    /// Accepts bodies of at most `limit` bytes, within the time and memory of `limits`. Requests for which there is no
    /// memory left are answered with 503 and counted by `shed`.
    pub fn new(limit: usize, limits: &Limits, shed: IntCounter) -> Self {
        Self {
            limit,
            timeout: limits.body_timeout,
            memory: Arc::new(Semaphore::new(limits.body_memory.min(Semaphore::MAX_PERMITS))),
            shed,
        }
    }

    /// Returns the request with its whole body as one piece, or an error if it exceeds a limit or the client breaks off.
    pub async fn read(&self, request: Request) -> Result<Request, Problem> {
        if request.body().is_end_stream() {
            return Ok(request);
        }
        let (head, mut body) = request.into_parts();
        let too_late = |_| Problem::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time.");
        let read = timeout(self.timeout, self.read_body(&mut body)).await;
        match read.map_err(too_late).flatten() {
            Ok(bytes) => Ok(Request::from_parts(head, Body::from(bytes))),
            Err(problem) => {
                tokio::spawn(timeout(DISCARD_TIMEOUT, discard(body)));
                Err(problem)
            }
        }
    }

    async fn read_body(&self, body: &mut Body) -> Result<Bytes, Problem> {
        // A declared length is refused before a byte of it is read.
        if body.size_hint().lower() > self.limit as u64 {
            return Err(too_large());
        }
        let mut buffered = Buffered::default();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| {
                debug!(%error, "a body broke off");
                Problem::bad_request("The body could not be read to its end.")
            })?;
            // Frames without data are trailers, which no handler reads.
            if let Ok(data) = frame.into_data() {
                self.append(&mut buffered, &data)?;
            }
        }
        Ok(Bytes::from_owner(buffered))
    }

    /// Copies the data: a frame is a slice of the connection's read buffer, all of which it would keep alive.
    fn append(&self, buffered: &mut Buffered, data: &Bytes) -> Result<(), Problem> {
        if buffered.bytes.len() + data.len() > self.limit {
            return Err(too_large());
        }
        let capacity = buffered.bytes.capacity();
        buffered.bytes.extend_from_slice(data);
        let grown = u32::try_from(buffered.bytes.capacity() - capacity).unwrap_or(u32::MAX);
        let Ok(permit) = Arc::clone(&self.memory).try_acquire_many_owned(grown) else {
            self.shed.inc();
            return Err(Problem::overloaded(
                "Too many large bodies are being served; try again in a moment.",
            ));
        };
        match &mut buffered.memory {
            Some(memory) => memory.merge(permit),
            None => buffered.memory = Some(permit),
        }
        Ok(())
    }
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The body is larger than this service takes.",
    )
}

/// The bytes of a body. Their memory is released when the last owner drops them: the handler, or the reply that repeats
/// them.
#[derive(Debug, Default)]
struct Buffered {
    bytes: Vec<u8>,
    memory: Option<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Buffered {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Lingering close: reads and throws away what a client still sends.
///
/// If the rest of a rejected body were dropped, hyper would close the connection while the client is sending, which would
/// then see a reset instead of the answer (RFC 9112, section 9.6).
async fn discard(mut body: Body) {
    let mut discarded = 0;
    while let Some(Ok(frame)) = body.frame().await {
        discarded += frame.data_ref().map_or(0, Bytes::len);
        if discarded > DISCARD_LIMIT {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use futures_util::stream;

    use super::*;

    fn buffer(limit: usize, memory: usize) -> BodyBuffer {
        BodyBuffer {
            limit,
            timeout: Duration::from_secs(1),
            memory: Arc::new(Semaphore::new(memory)),
            shed: IntCounter::new("shed", "shed").expect("a name"),
        }
    }

    async fn status(buffer: &BodyBuffer, mut body: Body) -> StatusCode {
        let problem = buffer.read_body(&mut body).await.expect_err("a refusal");
        problem.into_response().status()
    }

    #[tokio::test]
    async fn memory_is_held_as_long_as_the_bytes_are() {
        let buffer = buffer(100, 150);
        let body = || Body::from(vec![1; 100]);
        let first = buffer.read_body(&mut body()).await.expect("there is room");
        let copy = first.clone();
        assert_eq!(status(&buffer, body()).await, 503);
        assert_eq!(buffer.shed.get(), 1);

        drop(first);
        assert_eq!(status(&buffer, body()).await, 503);
        drop(copy);
        assert_eq!(buffer.memory.available_permits(), 150);
        buffer.read_body(&mut body()).await.expect("there is room again");
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_is_refused_when_it_exceeds_the_limit() {
        let buffer = buffer(100, 1000);
        let pieces = stream::iter((0..3).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(&[7; 40]))));
        assert_eq!(status(&buffer, Body::from_stream(pieces)).await, 413);
        assert_eq!(buffer.memory.available_permits(), 1000);
    }
}
