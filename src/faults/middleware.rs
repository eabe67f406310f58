//! Lets a request's fate happen.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::sleep;

use super::{Endpoint, FaultInjector};
use crate::web::problem::Problem;

/// Middleware for one endpoint's routes: holds the request back, then lets it fail or pass.
pub async fn inject(
    State((injector, endpoint)): State<(Arc<FaultInjector>, Endpoint)>,
    request: Request,
    next: Next,
) -> Response {
    let fate = injector.draw(endpoint);
    if !fate.delay.is_zero() {
        sleep(fate.delay).await;
    }
    if fate.fails {
        return Problem::injected().into_response();
    }
    next.run(request).await
}
