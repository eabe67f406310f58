//! Reads on what a handler left of a request's body.
//!
//! A handler may answer before it has read the whole body, because the body is too large or the request is doomed. If the
//! rest were dropped, the connection would be reset, and a client that is still sending would see a broken pipe instead
//! of the answer. So the rest is read and thrown away, within bounds. RFC 9112, section 9.6, describes the problem.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::timeout;

/// The most bytes that are thrown away.
const MOST_BYTES: usize = 16 << 20;

/// The longest that a client may take to send them.
const LONGEST: Duration = Duration::from_secs(5);

/// A request's body, whose rest is read on in the background when it is dropped.
#[derive(Debug)]
pub struct LingeringBody {
    /// There until it is dropped.
    body: Option<Incoming>,
}

impl LingeringBody {
    /// The request with its body as one of these.
    pub fn of(request: Request<Incoming>) -> Request<Self> {
        request.map(|body| Self { body: Some(body) })
    }
}

impl Body for LingeringBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::default, Body::size_hint)
    }
}

impl Drop for LingeringBody {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            tokio::spawn(timeout(LONGEST, discard(body)));
        }
    }
}

async fn discard(mut body: Incoming) {
    let mut discarded = 0;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        discarded += frame.data_ref().map_or(0, Bytes::len);
        if discarded > MOST_BYTES {
            return;
        }
    }
}
