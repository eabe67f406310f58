//! The future of a measured response.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::{body::MeasuredBody, clock::Moment, lookup::Series, recorder::Recorder};

pin_project! {
    /// Waits for the response's head and hands the measurement on to its body.
    ///
    /// The request counts as running from the first poll on, its time from the call. Something that counted before the call
    /// would have to be undone if the inner service panicked, and to be able to do that the compiler puts the inner future
    /// somewhere else first: a copy of some hundred bytes, which took longer than all of the recording.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        // Of a request that is measured, until its head is there.
        arrival: Option<(Series, Moment)>,
        running: bool,
        bodiless: bool,
    }

    impl<F> PinnedDrop for ResponseFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if *this.running && let Some((series, arrived)) = this.arrival.take() {
                // No head will come: it is recorded so.
                drop(Recorder::new(series, arrived));
            }
        }
    }
}

impl<F> ResponseFuture<F> {
    /// `bodiless` says that the server will send no body whatever the response holds: the request was a HEAD.
    #[inline]
    pub(super) fn new(inner: F, arrival: Option<(Series, Moment)>, bodiless: bool) -> Self {
        Self {
            inner,
            arrival,
            running: false,
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
                let (head, body) = response.into_parts();
                let recorder = match this.arrival.take() {
                    Some((series, arrived)) => {
                        let mut recorder = Recorder::new(series, arrived);
                        recorder.head(head.status);
                        if *this.bodiless || body.is_end_stream() {
                            // The server will not poll the body.
                            recorder.end();
                            None
                        } else {
                            Some(recorder)
                        }
                    }
                    None => None,
                };
                Poll::Ready(Ok(Response::from_parts(head, MeasuredBody::new(body, recorder))))
            }
            // A service that gives an error instead of a response sends nothing: there is no status to record.
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}
