//! The future of a measured response.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::{body::MeasuredBody, recorder::Recorder};

pin_project! {
    /// Waits for the response's head and hands the measurement on to its body.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        recorder: Option<Recorder>,
        bodiless: bool,
    }
}

impl<F> ResponseFuture<F> {
    /// `bodiless` says that the server will send no body whatever the response holds: the request was a HEAD.
    pub(super) fn new(inner: F, recorder: Option<Recorder>, bodiless: bool) -> Self {
        Self {
            inner,
            recorder,
            bodiless,
        }
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
        let result = ready!(this.inner.poll(context));
        let mut recorder = this.recorder.take();
        match (&result, &mut recorder) {
            (Ok(response), Some(recorder)) => recorder.head(response.status()),
            // A service that gives an error instead of a response sends nothing: there is no status to record.
            (Err(_), _) => drop(recorder.take()),
            (Ok(_), None) => {}
        }
        if *this.bodiless
            && let Some(recorder) = recorder.take()
        {
            recorder.end();
        }
        Poll::Ready(result.map(|response| response.map(|body| MeasuredBody::new(body, recorder))))
    }
}
