//! Log and count of notifications that are too large.

use axum::response::Response;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use prometheus::IntCounter;
use tower::{Service, ServiceExt, service_fn};
use tracing::warn;

/// Middleware around the whole server, because a body above its limit does not reach the routes.
pub fn log_too_large<S>(
    server: S,
    limit: usize,
    counter: IntCounter,
) -> impl Service<Request<Incoming>, Response = Response, Error = S::Error, Future: Send> + Clone + Send + 'static
where
    S: Service<Request<Incoming>, Response = Response, Error: Send, Future: Send> + Clone + Send + 'static,
{
    service_fn(move |request| {
        let (server, counter) = (server.clone(), counter.clone());
        async move {
            let response = server.oneshot(request).await?;
            if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
                counter.inc();
                warn!(
                    limit,
                    "a notification is larger than the limit and is refused: set max_alerts in Alertmanager's webhook_configs"
                );
            }
            Ok(response)
        }
    })
}
