//! Middleware that injects the faults.

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

use super::{
    decision::{FaultDecision, Outcome},
    injector::FaultInjector,
    plan::Endpoint,
};
use crate::web::{abort, problem::Problem};

/// Layer that injects faults into the requests of one endpoint.
///
/// Delays each request, then passes it on, answers with an error, hangs, or closes the connection, as the
/// [`FaultDecision`] says.
#[derive(Clone, Debug)]
pub struct FaultLayer {
    injector: Arc<FaultInjector>,
    endpoint: Endpoint,
}

impl FaultLayer {
    /// Creates the layer of an endpoint.
    pub const fn new(injector: Arc<FaultInjector>, endpoint: Endpoint) -> Self {
        Self { injector, endpoint }
    }
}

impl<S> Layer<S> for FaultLayer {
    type Service = FaultService<S>;

    fn layer(&self, inner: S) -> FaultService<S> {
        FaultService {
            inner,
            faults: self.clone(),
        }
    }
}

/// Service of [`FaultLayer`].
#[derive(Clone, Debug)]
pub struct FaultService<S> {
    inner: S,
    faults: FaultLayer,
}

impl<S, Request> Service<Request> for FaultService<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = FaultFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let FaultDecision { delay, outcome } = self.faults.injector.draw(self.faults.endpoint);
        FaultFuture {
            // Not polled before the delay is over, so the handler has not started until then.
            inner: self.inner.call(request),
            delay: (!delay.is_zero()).then(|| Box::pin(sleep(delay))),
            outcome,
        }
    }
}

pin_project! {
    /// Response future of [`FaultService`].
    #[derive(Debug)]
    pub struct FaultFuture<F> {
        #[pin]
        inner: F,
        delay: Option<Pin<Box<Sleep>>>,
        outcome: Outcome,
    }
}

impl<F> Future for FaultFuture<F>
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
            // The server drops this future when the client disconnects or the request times out.
            Outcome::Hang => Poll::Pending,
            Outcome::Drop => Poll::Ready(Ok(abort::response())),
        }
    }
}
