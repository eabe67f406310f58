//! The longest that a request may take.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::response::{IntoResponse, Response};
use pin_project_lite::pin_project;
use tower::{Layer, Service};

use super::{deadline::Deadline, problem::Problem};

/// Answers 503 in place of a service that takes too long. The service's own future is dropped, and its work ends there.
#[derive(Clone, Copy, Debug)]
pub struct RequestTimeoutLayer {
    limit: Duration,
}

impl RequestTimeoutLayer {
    pub const fn new(limit: Duration) -> Self {
        Self { limit }
    }
}

impl<S> Layer<S> for RequestTimeoutLayer {
    type Service = RequestTimeout<S>;

    fn layer(&self, inner: S) -> RequestTimeout<S> {
        RequestTimeout {
            inner,
            limit: self.limit,
        }
    }
}

/// The service that [`RequestTimeoutLayer`] makes.
#[derive(Clone, Debug)]
pub struct RequestTimeout<S> {
    inner: S,
    limit: Duration,
}

impl<S, Request> Service<Request> for RequestTimeout<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = TimedResponse<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        TimedResponse {
            inner: self.inner.call(request),
            deadline: Deadline::after(self.limit),
        }
    }
}

pin_project! {
    /// Waits for a response, until the time is over.
    #[derive(Debug)]
    pub struct TimedResponse<F> {
        #[pin]
        inner: F,
        deadline: Deadline,
    }
}

impl<F, E> Future for TimedResponse<F>
where
    F: Future<Output = Result<Response, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Poll::Ready(result) = this.inner.poll(context) {
            return Poll::Ready(result);
        }
        ready!(this.deadline.poll(context));
        let problem = Problem::unavailable("The request took longer than this service gives it.");
        Poll::Ready(Ok(problem.into_response()))
    }
}
