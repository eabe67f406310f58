//! The body of a measured response.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::recorder::Recorder;

pin_project! {
    /// Passes a body through and ends the measurement with its last frame.
    #[derive(Debug)]
    pub struct MeasuredBody<B> {
        #[pin]
        inner: B,
        recorder: Option<Recorder>,
    }
}

impl<B: Body> MeasuredBody<B> {
    #[inline]
    pub(super) fn new(inner: B, recorder: Option<Recorder>) -> Self {
        Self { inner, recorder }
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
                    // A body of known length says here that it is done and is then never polled to `None`.
                    this.inner.is_end_stream()
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
