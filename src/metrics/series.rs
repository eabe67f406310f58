//! The series of each route, found once and then kept: a request touches no hash map and no lock.

use std::sync::{Arc, OnceLock};

use http::{Method, StatusCode};
use prometheus::{Histogram, IntCounter, IntGauge};

use super::{
    RouteTable,
    families::Families,
    labels::{Outcome, UNMATCHED, Verb},
};

/// The series of all routes, found by a request's path.
#[derive(Debug)]
pub(super) struct SeriesByRoute {
    templates: matchit::Router<Option<RouteSeries>>,
    unmatched: RouteSeries,
}

impl SeriesByRoute {
    /// Lays out the series of these routes and creates those that are expected.
    ///
    /// # Panics
    ///
    /// Panics if a template is malformed or overlaps with another.
    pub(super) fn new(families: &Arc<Families>, routes: &RouteTable) -> Self {
        let mut templates = matchit::Router::new();
        for (template, monitoring) in &routes.entries {
            let series = monitoring.is_enabled().then(|| {
                let series = RouteSeries::new(families, template);
                for (method, status) in monitoring.expected() {
                    series.expect(Verb::from(method), status);
                }
                series.expect(Verb::Other, StatusCode::METHOD_NOT_ALLOWED);
                series
            });
            templates
                .insert(template.as_str(), series)
                .expect("axum accepted the template");
        }

        let unmatched = RouteSeries::new(families, UNMATCHED);
        for verb in Verb::ALL {
            unmatched.expect(verb, StatusCode::NOT_FOUND);
        }
        Self { templates, unmatched }
    }

    /// The series for a request, or `None` where its route is not measured.
    pub(super) fn of(&self, path: &str, method: &Method) -> Option<&Arc<MethodSeries>> {
        let route = match self.templates.at(path) {
            Ok(found) => found.value.as_ref()?,
            Err(_) => &self.unmatched,
        };
        Some(route.method(Verb::from(method)))
    }
}

/// The series of one route.
#[derive(Debug)]
struct RouteSeries {
    families: Arc<Families>,
    path: Arc<str>,
    by_verb: [OnceLock<Arc<MethodSeries>>; Verb::ALL.len()],
}

impl RouteSeries {
    fn new(families: &Arc<Families>, path: &str) -> Self {
        Self {
            families: Arc::clone(families),
            path: path.into(),
            by_verb: [const { OnceLock::new() }; Verb::ALL.len()],
        }
    }

    fn method(&self, verb: Verb) -> &Arc<MethodSeries> {
        self.by_verb[verb.index()].get_or_init(|| Arc::new(MethodSeries::new(&self.families, &self.path, verb)))
    }

    fn expect(&self, verb: Verb, status: StatusCode) {
        self.method(verb).outcome(Outcome::Status(status));
    }
}

/// The series of one route and method.
#[derive(Debug)]
pub(super) struct MethodSeries {
    families: Arc<Families>,
    path: Arc<str>,
    verb: Verb,
    pub(super) concurrent: IntGauge,
    pub(super) response_size: Histogram,
    by_outcome: Box<[OnceLock<Box<OutcomeSeries>>]>,
}

impl MethodSeries {
    fn new(families: &Arc<Families>, path: &Arc<str>, verb: Verb) -> Self {
        let labels = [verb.as_str(), path];
        Self {
            families: Arc::clone(families),
            path: Arc::clone(path),
            verb,
            concurrent: families.concurrent.with_label_values(&labels),
            response_size: families.response_size.with_label_values(&labels),
            by_outcome: (0..Outcome::COUNT).map(|_| OnceLock::new()).collect(),
        }
    }

    /// The series of an outcome, created when it first occurs.
    pub(super) fn outcome(&self, outcome: Outcome) -> &OutcomeSeries {
        self.by_outcome[outcome.index()].get_or_init(|| {
            let labels = [self.verb.as_str(), &self.path, outcome.as_str()];
            Box::new(OutcomeSeries {
                requests: self.families.requests.with_label_values(&labels),
                duration: self.families.duration.with_label_values(&labels),
            })
        })
    }
}

/// The series of one route, method and outcome.
#[derive(Debug)]
pub(super) struct OutcomeSeries {
    pub(super) requests: IntCounter,
    pub(super) duration: Histogram,
}
