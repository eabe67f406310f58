//! Load shedding: a limit of the requests in progress.
//!
//! What exceeds it is rejected at once rather than queued: a queue would only make every client wait, until those at its
//! head have given up and the work for them is wasted. tower's `LoadShed` and `ConcurrencyLimit` do that too, but know no
//! paths that are exempt.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use prometheus::IntCounter;
use tokio::sync::Semaphore;

use super::problem::Problem;

/// The limit, and the paths that it does not apply to.
#[derive(Debug)]
pub struct LoadShed {
    permits: Semaphore,
    exempt: Vec<String>,
    shed: IntCounter,
}

impl LoadShed {
    /// Allows `max` requests in progress and counts the rejected ones with `shed`. The `exempt` paths are always served:
    /// whoever watches an overloaded service must see it.
    pub fn new(max: usize, exempt: Vec<String>, shed: IntCounter) -> Self {
        Self {
            permits: Semaphore::new(max.min(Semaphore::MAX_PERMITS)),
            exempt,
            shed,
        }
    }
}

/// Middleware that answers 503 where as many requests as allowed are in progress.
///
/// A request is in progress until its handler has answered, panicked or was dropped. Receiving and sending bodies does not
/// count, so that slow clients take no one's place.
pub async fn shed_load(State(limit): State<Arc<LoadShed>>, request: Request, next: Next) -> Response {
    if limit.exempt.iter().any(|path| path == request.uri().path()) {
        return next.run(request).await;
    }
    let Ok(_permit) = limit.permits.try_acquire() else {
        limit.shed.inc();
        return Problem::overloaded("Too many requests are in progress; try again in a moment.").into_response();
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::pending, pin::pin};

    use axum::{body::Body, middleware::from_fn_with_state};
    use tower::{Layer, ServiceExt, service_fn};

    use super::*;

    #[tokio::test]
    async fn excess_requests_are_rejected_and_a_place_is_free_after_the_answer_or_when_the_client_leaves() {
        let shed = IntCounter::new("shed", "shed").expect("a name");
        let limit = LoadShed::new(1, vec!["/metrics".to_owned()], shed.clone());
        let service = service_fn(async |request: Request| match request.uri().path() {
            "/slow" => pending().await,
            _ => Ok::<_, Infallible>(Response::new(Body::empty())),
        });
        let service = from_fn_with_state(Arc::new(limit), shed_load).layer(service);
        let ask = async |path| {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            service.clone().oneshot(request).await.expect("infallible").status()
        };
        {
            let mut running = pin!(ask("/slow"));
            assert!(futures_util::poll!(running.as_mut()).is_pending(), "it is let in");
            for (path, status, rejected) in [("/", 503, 1), ("/metrics", 200, 1), ("/metrics/x", 503, 2)] {
                assert_eq!(ask(path).await, status, "{path}");
                assert_eq!(shed.get(), rejected, "{path}");
            }
        }
        assert_eq!(ask("/").await, 200, "the client has left");
        assert_eq!(ask("/").await, 200, "the answer was given");
    }
}
