//! The body of a measured response.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::recorder::Recorder;

pin_project! {
    /// A body that records its request when it has ended.
    #[derive(Debug)]
    pub struct MeasuredBody<B> {
        // Before the body, whose destructor may take its time.
        recorder: Option<Recorder>,
        #[pin]
        inner: B,
    }
}

impl<B: Body> MeasuredBody<B> {
    pub(crate) fn new(inner: B, recorder: Option<Recorder>) -> Self {
        Self { recorder, inner }
    }
}

impl<B: Body> Body for MeasuredBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let polled = this.inner.as_mut().poll_frame(context);
        if let (Poll::Ready(frame), Some(recorder)) = (&polled, &mut *this.recorder) {
            let ended = match frame {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        recorder.sent(data.remaining());
                    }
                    // A server that knows either does not poll for the `None` that would follow.
                    recorder.is_complete() || this.inner.is_end_stream()
                }
                // A body that fails was cut off by the service, not by the client: the status that was sent stands.
                Some(Err(_)) | None => true,
            };
            if ended {
                recorder.mark_ended();
                *this.recorder = None;
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
