//! The middleware stack around a router: its table of contents, from the outside in.

use std::sync::Arc;

use axum::{
    BoxError, Router,
    body::Body,
    error_handling::HandleErrorLayer,
    middleware::{from_fn, from_fn_with_state},
    response::Response,
};
use http::Request;
use hyper::body::Incoming;
use red_metrics::{RedMetrics, RouteTable};
use tower::{Service, ServiceBuilder};
use tower_http::{ServiceBuilderExt, catch_panic::CatchPanicLayer};

use super::{
    abort::{ConnectionAborted, abort_if_marked},
    body_buffer::{BodyBuffer, buffer_body},
    catch_panic::panic_response,
    limits::Limits,
    load_shed::{LoadShed, shed_load},
    metrics::ServerMetrics,
    problem::Problem,
    request_id::{self, MakeRandomId},
    request_log::log_request,
};

/// Puts the middleware around the routes. The order matters:
///
/// 1. The request id is outermost, so that every reply has one.
/// 2. The metrics are around all that can answer, so that they count what the client got. A server whose metrics nobody
///    scrapes has none.
/// 3. Aborting a connection is inside the metrics, which then see that no response was sent.
/// 4. The log line of a request comes with its real status; every line below it names the request.
/// 5. Panics become a 500 that the log and the metrics see.
/// 6. The body is read in full before the request counts as in progress: a slow client takes no one's place.
/// 7. The limit of requests in progress rejects the excess with as little work as possible.
/// 8. The time limit is inside that limit: a request that times out frees its place.
/// 9. The router, with the replies for what it does not serve.
pub fn apply(
    (router, table): (Router, RouteTable),
    http_metrics: Option<&RedMetrics>,
    server_metrics: &ServerMetrics,
    body_limit: usize,
    limits: &Limits,
) -> impl Service<Request<Incoming>, Response = Response, Error = ConnectionAborted, Future: Send> + Clone + Send + 'static
{
    let router = router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed());
    let metrics = http_metrics.map(|metrics| {
        ServiceBuilder::new()
            .map_response_body(Body::new)
            .layer(metrics.outermost(&table))
    });
    let body_buffer = BodyBuffer::new(body_limit, limits, server_metrics.shed_for_memory.clone());
    let load_shed = LoadShed::new(
        limits.max_concurrent_requests,
        table.unmeasured().map(str::to_owned).collect(),
        server_metrics.shed_for_concurrency.clone(),
    );
    ServiceBuilder::new()
        .map_request_body(Body::new)
        .map_request(request_id::remove_unfit)
        .set_x_request_id(MakeRandomId)
        .propagate_x_request_id()
        .option_layer(metrics)
        .map_result(abort_if_marked)
        .layer(from_fn(log_request))
        .layer(CatchPanicLayer::custom(panic_response))
        .layer(from_fn_with_state(Arc::new(body_buffer), buffer_body))
        .layer(from_fn_with_state(Arc::new(load_shed), shed_load))
        .layer(HandleErrorLayer::new(async |_: BoxError| {
            // The router itself never fails, so every error is the time limit's.
            Problem::unavailable("The request took longer than this service gives it.")
        }))
        .timeout(limits.request_timeout)
        .service(router)
}
