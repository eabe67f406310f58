//! The middleware stack around a router: its table of contents, from the outside in.

use std::sync::Arc;

use axum::{BoxError, Router, body::Body};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Either as EitherBody;
use hyper::body::Incoming;
use red_metrics::{RedMetrics, RouteTable};
use tower::{Service, ServiceBuilder, layer::layer_fn, util::Either};
use tower_http::{ServiceBuilderExt, map_response_body::MapResponseBodyLayer};

use super::{
    abort::{ConnectionAborted, abort_if_marked},
    catch_panic::CatchPanic,
    limits::Limits,
    metrics::ServerMetrics,
    problem::Problem,
    request_id::IdentifyRequests,
    request_limits::{LimitRequests, RequestLimits},
    request_log::RequestLog,
};

/// Puts the middleware around the routes. The order matters:
///
/// 1. The request id is outermost, so that every reply has one.
/// 2. The metrics are around all that can answer, so that they count what the client got. A server whose metrics nobody
///    scrapes has none.
/// 3. Aborting a connection is inside the metrics, which then see that no response was sent.
/// 4. The log line of a request comes with its real status; every line below it names the request.
/// 5. Panics become a 500 that the log and the metrics see.
/// 6. The limits read the body in full before the request counts as in progress, and time it only then.
/// 7. The router, with the replies for what it does not serve.
pub fn apply(
    (router, table): (Router, RouteTable),
    http_metrics: Option<&RedMetrics>,
    server_metrics: &ServerMetrics,
    body_limit: usize,
    limits: &Limits,
) -> impl Service<
    Request<Incoming>,
    Response = Response<impl http_body::Body<Data = Bytes, Error = BoxError> + Send + 'static + use<>>,
    Error = ConnectionAborted,
    Future: Send,
>
+ Clone
+ Send
+ 'static
+ use<> {
    let router = router
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed());
    let metrics = match http_metrics {
        Some(metrics) => {
            let measured = ServiceBuilder::new().map_response_body(EitherBody::Left);
            Either::Left(measured.layer(metrics.outermost(&table)).into_inner())
        }
        None => Either::Right(MapResponseBodyLayer::new(EitherBody::Right)),
    };
    let exempt = table.unmeasured().map(str::to_owned).collect();
    let request_limits = Arc::new(RequestLimits::new(body_limit, exempt, limits, server_metrics));
    ServiceBuilder::new()
        .map_request_body(Body::new)
        .layer(layer_fn(IdentifyRequests))
        .layer(metrics)
        .map_result(abort_if_marked)
        .layer(layer_fn(RequestLog))
        .layer(layer_fn(CatchPanic))
        .layer(layer_fn(move |router| {
            LimitRequests::new(router, Arc::clone(&request_limits))
        }))
        .service(router)
}
