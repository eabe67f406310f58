//! The layer around a whole service: it matches the routes itself.

use std::{collections::HashMap, sync::Arc};

use foldhash::fast::FixedState;
use http::{Method, Request};
use tower::Layer;

use crate::{
    recorder::Series,
    registry::{Route, SeriesRegistry},
    route_table::RouteTable,
    service::{Lookup, RedMetricsService},
};

/// A layer around a whole service. Made by [`RedMetrics::outermost`](crate::RedMetrics::outermost).
///
/// It adds no allocation to a request, and measures what never reaches the router.
#[derive(Clone, Debug)]
pub struct OutermostLayer {
    routes: Arc<Routes>,
}

impl OutermostLayer {
    pub(crate) fn new(registry: &SeriesRegistry, table: &RouteTable) -> Self {
        Self {
            routes: Arc::new(Routes::new(registry, table)),
        }
    }

    /// The series of a request, or `None` if its route is not measured. For requests that do not pass through the
    /// service, such as those of another protocol: [`Series::start`] starts their measurement.
    #[must_use]
    pub fn series(&self, path: &str, method: &Method) -> Option<Series> {
        self.routes.series(path, method)
    }
}

impl<S> Layer<S> for OutermostLayer {
    type Service = RedMetricsService<S, TableLookup>;

    fn layer(&self, inner: S) -> Self::Service {
        RedMetricsService::new(inner, TableLookup(Arc::clone(&self.routes)))
    }
}

/// Finds a request's series by its path.
#[derive(Clone, Debug)]
pub struct TableLookup(Arc<Routes>);

/// The routes by their templates, each `None` if it is not measured.
#[derive(Debug)]
struct Routes {
    /// Templates without parameters, which are their own paths. The router, too, prefers them to all others that match.
    /// No client adds a key, so a fixed seed is safe.
    exact: HashMap<String, Option<Arc<Route>>, FixedState>,
    with_parameters: matchit::Router<Option<Arc<Route>>>,
    unmatched: Arc<Route>,
}

impl Routes {
    fn new(registry: &SeriesRegistry, table: &RouteTable) -> Self {
        let mut exact = HashMap::default();
        let mut with_parameters = matchit::Router::new();
        for (template, monitoring) in table.entries() {
            let route = registry.route(template, monitoring.clone());
            // A brace begins or ends a parameter, or is doubled and stands for itself.
            if template.contains(['{', '}']) {
                with_parameters
                    .insert(template, route)
                    .expect("axum accepts the template");
            } else {
                exact.insert(template.to_owned(), route);
            }
        }
        Self {
            exact,
            with_parameters,
            unmatched: registry.unmatched(),
        }
    }

    fn series(&self, path: &str, method: &Method) -> Option<Series> {
        let exact = self.exact.get(path);
        let found = exact.or_else(|| self.with_parameters.at(path).ok().map(|matched| matched.value));
        let route = found.map_or(Some(&self.unmatched), Option::as_ref)?;
        Some(Series::new(Arc::clone(route), method))
    }
}

impl Lookup for TableLookup {
    fn series<B>(&self, request: &Request<B>) -> Option<Series> {
        self.0.series(request.uri().path(), request.method())
    }
}
