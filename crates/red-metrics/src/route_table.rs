//! The routes of a service together with what is measured of each.

use axum::{Router, routing::MethodRouter};

use crate::Monitoring;

/// An axum router that also notes its routes for [`RedMetrics::outermost`](crate::RedMetrics::outermost), so that no
/// template is written twice.
///
/// Handlers get their state as they are added.
#[derive(Debug, Default)]
pub struct MonitoredRouter<S = ()> {
    state: S,
    router: Router,
    table: RouteTable,
}

impl MonitoredRouter {
    /// A router without routes, whose handlers need no state.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S: Clone + Send + Sync + 'static> MonitoredRouter<S> {
    /// A router without routes, whose handlers share this state.
    #[must_use]
    pub fn with_state(state: S) -> Self {
        Self {
            state,
            router: Router::new(),
            table: RouteTable::default(),
        }
    }

    /// Adds a route.
    ///
    /// # Panics
    ///
    /// Panics if axum does not accept the template, or if it overlaps with another route.
    #[must_use]
    pub fn route(mut self, template: &str, handlers: MethodRouter<S>, monitoring: Monitoring) -> Self {
        self.router = self.router.route(template, handlers.with_state(self.state.clone()));
        self.table.entries.push((template.to_owned(), monitoring));
        self
    }

    /// The axum router, and its routes.
    pub fn into_parts(self) -> (Router, RouteTable) {
        (self.router, self.table)
    }
}

/// The templates of a service's routes, and what is measured of each.
#[derive(Clone, Debug, Default)]
pub struct RouteTable {
    entries: Vec<(String, Monitoring)>,
}

impl RouteTable {
    /// The templates of the routes that are served but not measured.
    pub fn unmeasured(&self) -> impl Iterator<Item = &str> {
        self.entries()
            .filter(|(_, monitoring)| monitoring.is_disabled())
            .map(|(template, _)| template)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Monitoring)> {
        self.entries
            .iter()
            .map(|(template, monitoring)| (template.as_str(), monitoring))
    }
}
