//! Lets a request's fate happen.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::response::{IntoResponse, Response};
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};
use tower::{Layer, Service};

use super::{Endpoint, Fate, FaultInjector, Outcome};
use crate::web::{abort, problem::Problem};

/// Goes around the handlers of one endpoint: holds each request back, then lets it pass, fail, hang, or lose its
/// connection, as its fate is.
#[derive(Clone, Debug)]
pub struct FaultLayer {
    injector: Arc<FaultInjector>,
    endpoint: Endpoint,
}

impl FaultLayer {
    /// Creates the layer of this endpoint.
    pub const fn new(injector: Arc<FaultInjector>, endpoint: Endpoint) -> Self {
        Self { injector, endpoint }
    }
}

impl<S> Layer<S> for FaultLayer {
    type Service = Faulty<S>;

    fn layer(&self, inner: S) -> Faulty<S> {
        Faulty {
            inner,
            faults: self.clone(),
        }
    }
}

/// The service that [`FaultLayer`] makes.
#[derive(Clone, Debug)]
pub struct Faulty<S> {
    inner: S,
    faults: FaultLayer,
}

impl<S, Request> Service<Request> for Faulty<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = FatedResponse<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Fate { delay, outcome } = self.faults.injector.draw(self.faults.endpoint);
        FatedResponse {
            // A handler does nothing until its future is polled.
            inner: self.inner.call(request),
            delay: (!delay.is_zero()).then(|| Box::pin(sleep(delay))),
            outcome,
        }
    }
}

pin_project! {
    /// Waits for the delay, then for what comes of the request.
    #[derive(Debug)]
    pub struct FatedResponse<F> {
        #[pin]
        inner: F,
        delay: Option<Pin<Box<Sleep>>>,
        outcome: Outcome,
    }
}

impl<F> Future for FatedResponse<F>
where
    F: Future<Output = Result<Response, Infallible>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Some(delay) = this.delay {
            ready!(delay.as_mut().poll(context));
            *this.delay = None;
        }
        match this.outcome {
            Outcome::Served => this.inner.poll(context),
            Outcome::Error(status) => Poll::Ready(Ok(Problem::injected(status.get()).into_response())),
            // The server drops this future when the client leaves, or when the time that a request may take is over.
            Outcome::Hang => Poll::Pending,
            Outcome::Drop => Poll::Ready(Ok(abort::response())),
        }
    }
}
