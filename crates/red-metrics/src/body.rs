//! The body of a measured response.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Buf;
use http::{HeaderMap, Response, header::CONTENT_LENGTH};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::recorder::Recorder;

pin_project! {
    /// Passes a body through and ends the measurement with its last frame.
    #[derive(Debug)]
    pub struct MeasuredBody<B> {
        // Before the body, which may take its time to be dropped.
        recorder: Option<Recorder>,
        #[pin]
        inner: B,
    }
}

impl<B: Body> MeasuredBody<B> {
    #[inline]
    pub(super) fn new(inner: B, recorder: Option<Recorder>) -> Self {
        Self { recorder, inner }
    }
}

impl<B: Body> Body for MeasuredBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    #[inline]
    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let polled = this.inner.as_mut().poll_frame(context);
        // What was polled is looked at where it is, and not taken apart: it is as large as five lines of a cache.
        if let (Poll::Ready(frame), Some(recorder)) = (&polled, &mut *this.recorder) {
            let ended = match frame {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        recorder.sent(data.remaining());
                    }
                    // The server may poll neither of them to `None`.
                    recorder.has_sent_all() || this.inner.is_end_stream()
                }
                // A body that breaks was cut off by the service, not by the client: the status that was sent stands.
                Some(Err(_)) | None => true,
            };
            if ended && let Some(recorder) = this.recorder.take() {
                recorder.end();
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// How many bytes of a response's body a server asks for at the most: all that there are, where that is known.
#[inline]
pub(super) fn most_bytes<B: Body>(response: &Response<B>) -> u64 {
    match response.body().size_hint().exact() {
        Some(length) => length,
        None if response.body().is_end_stream() => 0,
        None => announced(response.headers()).unwrap_or(u64::MAX),
    }
}

/// What the head says: of a file, for one, which is read as it is sent.
#[cold]
fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
