//! Lets a request's fate happen.

use std::{future, sync::Arc};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::sleep;

use super::{Endpoint, FaultInjector, Outcome};
use crate::web::{hang_up, problem::Problem};

/// Middleware for one endpoint's routes: holds the request back, then lets it pass, fail, hang, or lose its connection.
pub async fn inject(
    State((injector, endpoint)): State<(Arc<FaultInjector>, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let fate = injector.draw(endpoint);
    if !fate.delay.is_zero() {
        sleep(fate.delay).await;
    }
    match fate.outcome {
        Outcome::Served => next.run(request).await,
        Outcome::Error(status) => Problem::injected(status.get()).into_response(),
        // The server drops this future when the client leaves, or when the time that a request may take is over.
        Outcome::Hang => future::pending().await,
        Outcome::Drop => hang_up::response(),
    }
}
