//! Log and count of notifications that are too large.

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use prometheus::IntCounter;
use tower::{Service, ServiceExt};
use tracing::warn;

/// Middleware around the whole server, because a body above its limit does not reach the routes.
pub fn log_too_large<S, B>(
    server: S,
    limit: usize,
    counter: IntCounter,
) -> impl Service<Request<Incoming>, Response = Response<B>, Error = S::Error, Future: Send> + Clone + Send + 'static
where
    S: Service<Request<Incoming>, Response = Response<B>, Future: Send> + Clone + Send + 'static,
    B: 'static,
{
    server.map_response(move |response: Response<B>| {
        if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
            counter.inc();
            warn!(
                limit,
                "a notification is larger than the limit and is refused: set max_alerts in Alertmanager's webhook_configs"
            );
        }
        response
    })
}
