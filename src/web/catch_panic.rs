//! Answers for a handler that panics. The process lives on.

use std::{
    any::Any,
    convert::Infallible,
    panic::AssertUnwindSafe,
    task::{Context, Poll},
};

use axum::response::{IntoResponse, Response};
use futures_util::{
    FutureExt,
    future::{CatchUnwind, Map},
};
use tower::{Layer, Service};
use tracing::error;

use super::problem::Problem;

/// Logs a panic of the service inside and answers 500.
///
/// The response's body stays as it is: what catches panics for any kind of service has to put it into another box.
#[derive(Clone, Copy, Debug)]
pub struct CatchPanicLayer;

impl<S> Layer<S> for CatchPanicLayer {
    type Service = CatchPanic<S>;

    fn layer(&self, inner: S) -> CatchPanic<S> {
        CatchPanic { inner }
    }
}

/// The service that [`CatchPanicLayer`] makes.
#[derive(Clone, Debug)]
pub struct CatchPanic<S> {
    inner: S,
}

type Answer = Result<Response, Infallible>;
type Panic = Box<dyn Any + Send>;

impl<S, Request> Service<Request> for CatchPanic<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Map<CatchUnwind<AssertUnwindSafe<S::Future>>, fn(Result<Answer, Panic>) -> Answer>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // Handlers run when they are polled, not when they are called. What a panic leaves half done, it leaves to the
        // request that panicked: nothing else is handed in.
        AssertUnwindSafe(self.inner.call(request)).catch_unwind().map(answer)
    }
}

fn answer(outcome: Result<Answer, Panic>) -> Answer {
    outcome.unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a panic without a message");
        error!(message, "a handler panicked");
        Ok(Problem::internal().into_response())
    })
}
