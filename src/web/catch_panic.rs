//! The reply for a handler that panics. The process lives on.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use tracing::error;

use super::problem::Problem;

/// Logs a panic and answers 500: the handler of tower-http's `CatchPanicLayer`.
#[expect(clippy::needless_pass_by_value, reason = "the layer passes it by value")]
pub fn panic_response(panic: Box<dyn Any + Send>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message");
    error!(message, "a handler panicked");
    Problem::internal().into_response()
}
