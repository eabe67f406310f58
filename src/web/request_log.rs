//! A log line for each request.

mod context;
mod line;

use std::task::{Context, Poll};

use axum::extract::Request;
use futures_util::{FutureExt, future::Inspect};
use http::Response;
use tokio::task::futures::TaskLocalFuture;
use tower::Service;
use tracing::{debug, warn};

use self::context::{CURRENT, RequestContext};
use super::{abort, problem::TurnedAway};

pub use self::line::WithRequest;

/// Middleware that logs how a request was answered, and lets all that is logged meanwhile name the request.
///
/// It logs at debug level, or a warning where the status is 5xx. A request that was turned away under overload is no
/// warning: the log would only add to the load, and a metric counts it.
#[derive(Clone, Debug)]
pub struct RequestLog<S>(pub S);

impl<S: Service<Request, Response = Response<B>>, B> Service<Request> for RequestLog<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = TaskLocalFuture<RequestContext, Inspect<S::Future, fn(&Result<S::Response, S::Error>)>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let context = RequestContext::new(&request);
        CURRENT.scope(context, self.0.call(request).inspect(log))
    }
}

fn log<B, E>(result: &Result<Response<B>, E>) {
    let Ok(response) = result else { return };
    let (status, duration) = (response.status(), CURRENT.with(RequestContext::elapsed));
    if abort::is_marked(response) {
        debug!(?duration, "closing the connection without an answer");
    } else if status.is_server_error() && response.extensions().get::<TurnedAway>().is_none() {
        warn!(status = status.as_u16(), ?duration, "answered with a server error");
    } else {
        debug!(status = status.as_u16(), ?duration, "answered");
    }
}
