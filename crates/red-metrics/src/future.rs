//! The future of a measured response.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::{
    body::{self, MeasuredBody},
    clock::Moment,
    lookup::Series,
    recorder::Recorder,
};

pin_project! {
    /// Waits for the response's head and hands the measurement on to its body.
    ///
    /// The request counts as running from the first poll on, its time from the call. Something that counted before the call
    /// would have to be undone if the inner service panicked, and to be able to do that the compiler puts the inner future
    /// somewhere else first: a copy of some hundred bytes, which took longer than all of the recording. So does what counts
    /// after the call.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        // Of a request that is measured.
        arrival: Option<(Series, Moment)>,
        // From the first poll until the response's head is there.
        running: bool,
    }

    impl<F> PinnedDrop for ResponseFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if *this.running && let Some((series, arrived)) = *this.arrival {
                // No head will come: it is recorded so.
                drop(Recorder::new(series, arrived));
            }
        }
    }
}

impl<F> ResponseFuture<F> {
    #[inline]
    pub(super) fn new(inner: F, arrival: Option<(Series, Moment)>) -> Self {
        Self {
            inner,
            arrival,
            running: false,
        }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<MeasuredBody<B>>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if !*this.running
            && let Some((series, _)) = this.arrival
        {
            series.count();
            *this.running = true;
        }
        // Written out rather than mapped: each closure would copy the response once more.
        match ready!(this.inner.poll(context)) {
            Ok(response) => {
                // Asked before there is a recorder, which would have to be dropped if the body panicked.
                let most = body::most_bytes(&response);
                let (head, body) = response.into_parts();
                let recorder = this
                    .arrival
                    .map(|(series, arrived)| Recorder::with_head(series, arrived, head.status, most));
                *this.running = false;
                Poll::Ready(Ok(Response::from_parts(head, MeasuredBody::new(body, recorder))))
            }
            // A service that gives an error instead of a response sends nothing: there is no status to record.
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}
