//! Finds the series of a request.

use std::{sync::Arc, time::Duration};

use http::{Method, StatusCode};

use super::{
    Observation, Observe, RouteTable,
    catalogue::Catalogue,
    labels::{Outcome, UNMATCHED, Verb},
    recorder::Recorder,
    series::{MethodSeries, RouteSeries},
};

/// The routes of a layer, by their templates.
#[derive(Debug)]
pub(super) struct Lookup {
    templates: matchit::Router<Option<Route>>,
    unmatched: Route,
}

/// A route that is measured.
#[derive(Debug)]
struct Route {
    series: &'static RouteSeries,
    observers: Vec<Arc<dyn Observe>>,
}

impl Lookup {
    /// Lays out the series of these routes and creates those that are expected.
    ///
    /// # Panics
    ///
    /// Panics if a template is malformed or overlaps with another.
    pub(super) fn new(catalogue: &Catalogue, routes: &RouteTable) -> Self {
        let mut templates = matchit::Router::new();
        for (template, monitoring) in &routes.entries {
            let route = monitoring.is_enabled().then(|| {
                let series = catalogue.route(template);
                for (method, status) in monitoring.expected() {
                    series.expect(Verb::from(method), status);
                }
                series.expect(Verb::Other, StatusCode::METHOD_NOT_ALLOWED);
                Route {
                    series,
                    observers: monitoring.observers().to_vec(),
                }
            });
            templates
                .insert(template.as_str(), route)
                .expect("axum accepted the template");
        }

        let unmatched = catalogue.route(UNMATCHED);
        for verb in Verb::ALL {
            unmatched.expect(verb, StatusCode::NOT_FOUND);
        }
        Self {
            templates,
            unmatched: Route {
                series: unmatched,
                observers: Vec::new(),
            },
        }
    }

    /// The series for a request, or `None` where its route is not measured.
    pub(super) fn series(&'static self, path: &str, method: &Method) -> Option<Series> {
        let route = match self.templates.at(path) {
            Ok(found) => found.value.as_ref()?,
            Err(_) => &self.unmatched,
        };
        let verb = Verb::from(method);
        Some(Series {
            verb,
            method: route.series.method(verb),
            observers: &route.observers,
        })
    }
}

/// The series of one route and method, to which a request is added.
#[derive(Clone, Copy, Debug)]
pub struct Series {
    verb: Verb,
    method: &'static MethodSeries,
    observers: &'static [Arc<dyn Observe>],
}

impl Series {
    /// Begins the measurement of a request that has just arrived.
    #[must_use]
    pub fn start(self) -> Recorder {
        self.method.start();
        Recorder::new(self)
    }

    /// Records a request that was started.
    pub(super) fn record(self, outcome: Outcome, duration: Duration, body_bytes: u64) {
        self.method.outcomes.tally(outcome).record(duration, body_bytes);
        for observer in self.observers {
            observer.observe(&Observation {
                method: self.verb.as_str(),
                status: outcome.status(),
                duration,
                body_bytes,
            });
        }
    }
}
