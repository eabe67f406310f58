//! The future of a measured response.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::{body::MeasuredBody, recorder::Recorder};

pin_project! {
    /// A future that hands the measurement on to the response's body once the head is there.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        // `None` for a request that is not measured, and once the head is there.
        recorder: Option<Recorder>,
    }
}

impl<F> ResponseFuture<F> {
    pub(crate) fn new(inner: F, recorder: Option<Recorder>) -> Self {
        Self { inner, recorder }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<MeasuredBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        // A service that fails sends no response: the recorder stays here, and records an aborted request when dropped.
        let response = ready!(this.inner.poll(context))?;
        let mut recorder = this.recorder.take();
        if let Some(recorder) = &mut recorder {
            recorder.head(response.status());
            let body = response.body();
            recorder.expect(&body.size_hint(), body.is_end_stream(), response.headers());
        }
        let (head, body) = response.into_parts();
        Poll::Ready(Ok(Response::from_parts(head, MeasuredBody::new(body, recorder))))
    }
}
