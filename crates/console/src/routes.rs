//! The routes, and the middleware around them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{delete, get},
};
use loopback_guard::Access;
use tower_http::{compression::CompressionLayer, timeout::TimeoutLayer};

use crate::{
    access, assets,
    dashboards::{self, Folder},
    pages,
    parts::{self, Parts},
    problem::Problem,
    proxy,
    upstream::Upstream,
};

/// Timeout of a request: longer than that of the parts, whose errors say more.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Shared state of the handlers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    pub folder: Arc<Folder>,
    pub scrape_interval: u32,
    pub prometheus: Arc<Upstream>,
    pub alertmanager: Arc<Upstream>,
    pub pager: Arc<Upstream>,
    pub grafana: Option<Arc<Upstream>>,
    pub parts: Arc<Parts>,
}

impl AppState {
    /// Returns the parts that the console asks, by their names in the API.
    pub fn upstreams(&self) -> impl Iterator<Item = (&'static str, &Arc<Upstream>)> {
        [
            ("prometheus", Some(&self.prometheus)),
            ("alertmanager", Some(&self.alertmanager)),
            ("pager", Some(&self.pager)),
            ("grafana", self.grafana.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, upstream)| Some((name, upstream?)))
    }
}

/// Returns all routes.
pub fn all(state: AppState, access: Access) -> Router {
    let api = Router::new()
        .route("/parts", get(parts::show))
        .route("/dashboards", get(dashboards::list))
        .route("/dashboards/{uid}", get(dashboards::show))
        .route("/prometheus/{*path}", get(proxy::prometheus))
        .route("/alertmanager/silences/{id}", delete(proxy::unsilence))
        .route("/alertmanager/silences", get(proxy::silences).post(proxy::silence))
        .route("/alertmanager/alerts", get(proxy::alerts))
        .route("/alertmanager/groups", get(proxy::groups))
        .route("/pager/pages", get(proxy::pager))
        .fallback(async || Problem::not_found())
        // A browser sends no token when it loads a page, so only the API requires it: the pages are constant.
        .layer(from_fn_with_state(access.clone(), access::require_token))
        .layer(CompressionLayer::new())
        .with_state(state);
    Router::new()
        .nest("/api", api)
        .route("/", get(pages::start))
        .route("/d/{uid}", get(pages::dashboard))
        // As Grafana writes it, with the title at the end.
        .route("/d/{uid}/{slug}", get(pages::dashboard))
        .route("/explore", get(pages::explore))
        .route("/alerts", get(pages::alerts))
        .route("/targets", get(pages::targets))
        .route("/assets/{version}/{*path}", get(assets::serve))
        .route("/healthz", get(async || StatusCode::NO_CONTENT))
        .fallback(async || Problem::not_found())
        .layer(from_fn_with_state(access, access::require_loopback_host))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, TIMEOUT))
}
