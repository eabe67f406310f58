//! The layers around a router, from the outside in.

use std::any::Any;

use axum::{
    BoxError,
    extract::DefaultBodyLimit,
    response::{IntoResponse, Response as AxumResponse},
};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use tower::{Layer, Service, ServiceExt, util::MapResultLayer};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::error;

use super::{
    hang_up::{self, HangUp},
    linger::LingeringBody,
    problem::Problem,
    request_log::RequestLogLayer,
};
use crate::metrics::{HttpMetrics, MonitoredRouter};

/// Puts the layers around the routes:
///
/// 1. what the others leave of a request's body is read on, so that the client gets the answer;
/// 2. the request's id and its log line, outermost, so that every reply bears the id;
/// 3. the metrics, around all that can answer, so that nothing that a client got is missing from them;
/// 4. the net for panics, inside the metrics, which so see the 500 that the client sees;
/// 5. the one that hangs up where a handler wants that: inside the metrics, which so see that no answer was sent;
/// 6. the router, with its replies for what it does not serve, and the limit of a body's bytes, which the handlers'
///    extractors heed.
pub fn around<S: Clone + Send + Sync + 'static>(
    routes: MonitoredRouter<S>,
    state: S,
    metrics: &HttpMetrics,
    body_limit: usize,
) -> impl Service<
    Request<Incoming>,
    Response = Response<impl Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static>,
    Error = HangUp,
    Future: Send,
> + Clone
+ Send
+ 'static {
    let (router, table) = routes.into_parts();
    let router = router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(DefaultBodyLimit::max(body_limit))
        .with_state(state);
    let caught = CatchPanicLayer::custom(panicked).layer(router);
    let heeded = MapResultLayer::new(hang_up::heed).layer(caught);
    RequestLogLayer
        .layer(metrics.layer(&table).layer(heeded))
        .map_request(|request: Request<Incoming>| request.map(LingeringBody::new))
}

/// Logs a handler's panic and answers 500. The process lives on.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over the panic itself")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> AxumResponse {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without a message");
    error!(message, "a handler panicked");
    Problem::internal().into_response()
}
