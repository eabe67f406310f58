//! The routes of an application together with what is to be measured of each.

use std::sync::Arc;

use axum::{Router, routing::MethodRouter};
use http::{Method, StatusCode};

use super::Observe;

/// What is to be measured of a route.
///
/// The methods and statuses that are named here exist as series from the start, at 0: a dashboard shows a rate of 0
/// rather than "No data", and the first error is seen by `rate()`, which needs a sample before it.
/// Others appear when they first occur.
#[derive(Clone, Debug)]
pub struct Monitoring {
    enabled: bool,
    methods: Vec<Method>,
    statuses: Vec<StatusCode>,
    observers: Vec<Arc<dyn Observe>>,
}

impl Monitoring {
    /// Measure this route, on which these methods with a status of 200 are expected.
    pub fn of(methods: impl IntoIterator<Item = Method>) -> Self {
        Self {
            enabled: true,
            methods: methods.into_iter().collect(),
            statuses: vec![StatusCode::OK],
            observers: Vec::new(),
        }
    }

    /// These statuses are expected too.
    #[must_use]
    pub fn expect_statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses.extend(statuses);
        self
    }

    /// This observer is told of each request too, when it has ended.
    #[must_use]
    pub fn observed_by(mut self, observer: impl Observe) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Serve this route, but do not measure it: for probes and for the metrics themselves.
    #[must_use]
    pub fn disabled() -> Self {
        Self {
            enabled: false,
            methods: Vec::new(),
            statuses: Vec::new(),
            observers: Vec::new(),
        }
    }

    pub(super) fn is_enabled(&self) -> bool {
        self.enabled
    }

    pub(super) fn observers(&self) -> &[Arc<dyn Observe>] {
        &self.observers
    }

    /// Each pair of method and status that is expected.
    pub(super) fn expected(&self) -> impl Iterator<Item = (&Method, StatusCode)> {
        self.methods
            .iter()
            .flat_map(|method| self.statuses.iter().map(move |status| (method, *status)))
    }
}

/// An axum router whose routes are also written down for the metrics layer, so that no list of paths stands twice.
///
/// The handlers get their state as they are added, so that the router is one type whatever the state is.
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
    /// Panics if the template is not one that axum accepts, or if it overlaps with another route.
    #[must_use]
    pub fn route(mut self, template: &str, handlers: MethodRouter<S>, monitoring: Monitoring) -> Self {
        self.router = self.router.route(template, handlers.with_state(self.state.clone()));
        self.table.entries.push((template.to_owned(), monitoring));
        self
    }

    /// The axum router, and the table for [`RedMetrics::layer`](super::RedMetrics::layer).
    pub fn into_parts(self) -> (Router, RouteTable) {
        (self.router, self.table)
    }
}

/// The templates of an application's routes and what is to be measured of each.
#[derive(Clone, Debug, Default)]
pub struct RouteTable {
    pub(super) entries: Vec<(String, Monitoring)>,
}

impl RouteTable {
    /// The templates of the routes that are served but not measured.
    pub fn unmeasured(&self) -> impl Iterator<Item = &str> {
        let unmeasured = self.entries.iter().filter(|(_, monitoring)| !monitoring.is_enabled());
        unmeasured.map(|(template, _)| template.as_str())
    }
}
