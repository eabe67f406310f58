//! The layer for `Router::layer`: the router says which route it has matched.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use axum::extract::MatchedPath;
use http::Request;
use tower::Layer;

use crate::{
    monitoring::Monitoring,
    recorder::Series,
    registry::{Route, SeriesRegistry},
    service::{Lookup, RedMetricsService},
};

/// A layer for [`Router::layer`](axum::Router::layer). Made by [`RedMetrics::layer`](crate::RedMetrics::layer).
///
/// It measures all requests to the routes that the router has when the layer is added, and to its fallback. The `path` of a
/// request is the template that axum's [`MatchedPath`] holds, with the prefixes of `nest`. Requests without one are
/// `unmatched`: those that no route matches, and those that `nest_service` hands on.
///
/// Add it last, and once: a layer that is added later is outside, and what it answers is not measured.
#[derive(Clone, Debug)]
pub struct RedMetricsLayer {
    routes: Arc<MatchedRoutes>,
}

impl RedMetricsLayer {
    pub(crate) fn new(registry: Arc<SeriesRegistry>) -> Self {
        Self {
            routes: Arc::new(MatchedRoutes {
                unmatched: registry.unmatched(),
                by_template: RwLock::default(),
                registry,
            }),
        }
    }

    /// Describes what is measured of a route, by its full template.
    ///
    /// Routes that are not described are measured too; their series appear with their first request.
    #[must_use]
    pub fn route(self, template: &str, monitoring: Monitoring) -> Self {
        self.routes.describe(template, monitoring);
        self
    }
}

impl<S> Layer<S> for RedMetricsLayer {
    type Service = RedMetricsService<S, MatchedLookup>;

    fn layer(&self, inner: S) -> Self::Service {
        let lookup = MatchedLookup(Arc::new(Endpoint {
            routes: Arc::clone(&self.routes),
            first: OnceLock::new(),
        }));
        RedMetricsService::new(inner, lookup)
    }
}

/// A route that is measured, or `None` for one that is not.
type MeasuredRoute = Option<Arc<Route>>;

/// The routes that were described or have been requested.
#[derive(Debug)]
struct MatchedRoutes {
    registry: Arc<SeriesRegistry>,
    by_template: RwLock<HashMap<String, MeasuredRoute>>,
    unmatched: Arc<Route>,
}

impl MatchedRoutes {
    fn describe(&self, template: &str, monitoring: Monitoring) -> MeasuredRoute {
        let route = self.registry.route(template, monitoring);
        let mut routes = self.by_template.write().unwrap_or_else(PoisonError::into_inner);
        routes.insert(template.to_owned(), route.clone());
        route
    }

    fn find(&self, template: &str) -> MeasuredRoute {
        let routes = self.by_template.read().unwrap_or_else(PoisonError::into_inner);
        let found = routes.get(template).cloned();
        drop(routes);
        found.unwrap_or_else(|| self.describe(template, Monitoring::default()))
    }
}

/// Finds a request's series by the template that the router has matched.
#[derive(Clone, Debug)]
pub struct MatchedLookup(Arc<Endpoint>);

/// What one layered service has learnt. A router applies its layer to each route and method apart, so nearly always all
/// requests to one service have the template of the first. Those of a router that is nested twice do not.
#[derive(Debug)]
struct Endpoint {
    routes: Arc<MatchedRoutes>,
    first: OnceLock<(MatchedPath, MeasuredRoute)>,
}

impl Lookup for MatchedLookup {
    fn series<B>(&self, request: &Request<B>) -> Option<Series> {
        let Self(endpoint) = self;
        let route = match request.extensions().get::<MatchedPath>() {
            None => Some(Arc::clone(&endpoint.routes.unmatched)),
            Some(path) => {
                let (first, route) = endpoint
                    .first
                    .get_or_init(|| (path.clone(), endpoint.routes.find(path.as_str())));
                if first.as_str() == path.as_str() {
                    route.clone()
                } else {
                    endpoint.routes.find(path.as_str())
                }
            }
        };
        Some(Series::new(route?, request.method()))
    }
}
