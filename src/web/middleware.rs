//! The layers around a router, from the outside in.

use axum::{BoxError, Router};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use tower::{Service, ServiceBuilder, util::MapResultLayer};

use super::{
    abort::{self, ConnectionAborted},
    body_buffer::BodyBufferLayer,
    catch_panic::CatchPanicLayer,
    limits::Limits,
    linger::LingeringBody,
    load_shed::ShedLayer,
    metrics::ServerMetrics,
    problem::Problem,
    request_log::RequestLogLayer,
    request_timeout::RequestTimeoutLayer,
};
use red_metrics::{RedMetrics, RouteTable};

/// Puts the layers around the routes:
///
/// 1. what the others leave of a request's body is read on, so that the client gets the answer;
/// 2. the request's id and its log line, outermost, so that every reply bears the id;
/// 3. the metrics, around all that can answer, so that nothing that a client got is missing from them;
/// 4. the net for panics, inside the metrics, which so see the 500 that the client sees;
/// 5. the one that hangs up where a handler wants that: inside the metrics, which so see that no answer was sent;
/// 6. the request's body, read to its end: outside the limits of what is in progress, so that a slow client takes no place,
///    and inside the metrics, which so see what it is refused for;
/// 7. the limit of requests in progress, which turns away what is too much, with as little work for it as can be;
/// 8. the time limit, inside, so that a request that is given up gives its place back;
/// 9. the router, with its replies for what it does not serve.
pub fn apply(
    (router, table): (Router, RouteTable),
    http_metrics: &RedMetrics,
    server_metrics: &ServerMetrics,
    body_limit: usize,
    limits: &Limits,
) -> impl Service<
    Request<Incoming>,
    Response = Response<impl Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static>,
    Error = ConnectionAborted,
    Future: Send,
> + Clone
+ Send
+ 'static {
    let router = router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed());
    let unmeasured = table.unmeasured().map(str::to_owned).collect();
    ServiceBuilder::new()
        .map_request(LingeringBody::of)
        .layer(RequestLogLayer)
        .layer(http_metrics.outermost(&table))
        .layer(MapResultLayer::new(abort::abort_if_marked))
        .layer(CatchPanicLayer)
        .layer(BodyBufferLayer::new(
            body_limit,
            limits.body_timeout,
            limits.body_memory,
            server_metrics.shed_for_memory.clone(),
        ))
        .layer(ShedLayer::new(
            limits.max_concurrent_requests,
            unmeasured,
            server_metrics.shed_for_concurrency.clone(),
        ))
        .layer(RequestTimeoutLayer::new(limits.request_timeout))
        .service(router)
}
