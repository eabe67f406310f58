//! The body of a measured response.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
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
    /// A body that is empty from the start is never polled by the server: its measurement ends here.
    pub(super) fn new(inner: B, recorder: Option<Recorder>) -> Self {
        let mut body = Self { inner, recorder };
        if body.inner.is_end_stream() {
            end(&mut body.recorder);
        }
        body
    }
}

impl<B: Body> Body for MeasuredBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = ready!(this.inner.as_mut().poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                if let (Some(recorder), Some(data)) = (this.recorder.as_mut(), frame.data_ref()) {
                    recorder.sent(data.remaining());
                }
                // A body of known length says here that it is done and is then never polled to `None`.
                if this.inner.is_end_stream() {
                    end(this.recorder);
                }
            }
            // A body that breaks was cut off by the service, not by the client: the status that was sent stands.
            Some(Err(_)) | None => end(this.recorder),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn end(recorder: &mut Option<Recorder>) {
    if let Some(recorder) = recorder.take() {
        recorder.end();
    }
}
