//! The answer of a handler that panics. The process goes on.
//!
//! tower-http's `CatchPanic` does the same, but boxes the body of every response a second time.

use std::{
    any::Any,
    future::{Ready, ready},
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll},
};

use axum::response::{IntoResponse, Response};
use futures_util::{
    FutureExt,
    future::{CatchUnwind, Either, Map},
};
use tower::Service;
use tracing::error;

use super::problem::Problem;

/// Middleware that logs a panic, of `call` or of the future, and answers 500.
#[derive(Clone, Debug)]
pub struct CatchPanic<S>(pub S);

type Caught<T> = Result<T, Box<dyn Any + Send>>;

/// The future, its panics caught and answered.
type Guarded<F, T> = Map<CatchUnwind<AssertUnwindSafe<F>>, fn(Caught<T>) -> T>;

impl<S, Request> Service<Request> for CatchPanic<S>
where
    S: Service<Request, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<Guarded<S::Future, Result<Response, S::Error>>, Ready<Result<Response, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match catch_unwind(AssertUnwindSafe(|| self.0.call(request))) {
            Ok(future) => Either::Left(AssertUnwindSafe(future).catch_unwind().map(answer)),
            Err(panic) => Either::Right(ready(answer(Err(panic)))),
        }
    }
}

fn answer<E>(result: Caught<Result<Response, E>>) -> Result<Response, E> {
    result.unwrap_or_else(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a panic without a message");
        error!(message, "a handler panicked");
        Ok(Problem::internal().into_response())
    })
}
