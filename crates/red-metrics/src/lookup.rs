//! Finds the series of a request.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
    time::Duration,
};

use foldhash::fast::FixedState;
use http::{Method, StatusCode};

use super::{
    Observation, Observe, RouteTable,
    catalogue::Catalogue,
    clock::{Clock, Moment},
    labels::{Outcome, UNMATCHED, Verb},
    recorder::Recorder,
    series::{MethodSeries, RouteSeries},
    short_path::ShortPath,
    short_paths::ShortPaths,
};

/// The routes of a layer, by their templates. A route without a value is served, but not measured.
#[derive(Debug)]
pub(super) struct Lookup {
    /// Those whose template is the path itself, which is found in a third of the steps that the tree takes. To the router,
    /// too, such a template comes before all others that match.
    short: ShortPaths<Option<Route>>,
    /// No client adds to it, so its hashes may be foreseeable.
    long: HashMap<String, Option<Route>, FixedState>,
    templates: matchit::Router<Option<Route>>,
    unmatched: Route,
}

impl Lookup {
    /// Lays out the series of these routes and creates those that are expected.
    ///
    /// # Panics
    ///
    /// Panics if a template is malformed or overlaps with another.
    pub(super) fn new(catalogue: &Catalogue, routes: &RouteTable) -> Self {
        let mut short = Vec::new();
        let mut long = HashMap::default();
        let mut templates = matchit::Router::new();
        for (template, monitoring) in &routes.entries {
            let route = monitoring.is_enabled().then(|| {
                let series = catalogue.route(template);
                for (method, status) in monitoring.expected() {
                    series.expect(Verb::from(method), status);
                }
                series.expect(Verb::Other, StatusCode::METHOD_NOT_ALLOWED);
                Route::new(series, monitoring.observers())
            });
            // A brace is of a parameter, or stands twice and means itself.
            if template.contains(['{', '}']) {
                templates
                    .insert(template.as_str(), route)
                    .expect("axum accepted the template");
            } else {
                match ShortPath::new(template) {
                    Some(path) => short.push((path, route)),
                    None => _ = long.insert(template.clone(), route),
                }
            }
        }

        let unmatched = catalogue.route(UNMATCHED);
        for verb in Verb::ALL {
            unmatched.expect(verb, StatusCode::NOT_FOUND);
        }
        Self {
            short: ShortPaths::new(short),
            long,
            templates,
            unmatched: Route::new(unmatched, &[]),
        }
    }

    /// The series for a request, or `None` where its route is not measured.
    #[inline]
    pub(super) fn series(&'static self, path: &str, method: &Method) -> Option<Series> {
        let short = ShortPath::new(path).and_then(|path| self.short.get(path));
        let route = short.map_or_else(|| self.long_or_template(path), Option::as_ref)?;
        Some(Series(route.operation(Verb::from(method))))
    }

    /// Apart, so that the registers that it needs are not put by for the others.
    #[inline(never)]
    fn long_or_template(&self, path: &str) -> Option<&Route> {
        if let Some(route) = self.long.get(path) {
            return route.as_ref();
        }
        match self.templates.at(path) {
            Ok(found) => found.value.as_ref(),
            Err(_) => Some(&self.unmatched),
        }
    }
}

/// A route that is measured.
#[derive(Debug)]
struct Route {
    series: &'static RouteSeries,
    clock: &'static Clock,
    observers: Arc<[Arc<dyn Observe>]>,
    by_verb: [OnceLock<Operation>; Verb::ALL.len()],
}

impl Route {
    fn new(series: &'static RouteSeries, observers: &[Arc<dyn Observe>]) -> Self {
        Self {
            series,
            clock: Clock::of_this_process(),
            observers: observers.into(),
            by_verb: [const { OnceLock::new() }; Verb::ALL.len()],
        }
    }

    #[inline]
    fn operation(&self, verb: Verb) -> &Operation {
        match self.by_verb[verb.index()].get() {
            Some(operation) => operation,
            None => self.first(verb),
        }
    }

    #[cold]
    fn first(&self, verb: Verb) -> &Operation {
        self.by_verb[verb.index()].get_or_init(|| Operation {
            verb,
            series: self.series.method(verb),
            clock: self.clock,
            observers: Arc::clone(&self.observers),
        })
    }
}

/// A method of a route.
#[derive(Debug)]
struct Operation {
    verb: Verb,
    series: &'static MethodSeries,
    clock: &'static Clock,
    observers: Arc<[Arc<dyn Observe>]>,
}

/// The series of one route and method, to which a request is added.
#[derive(Clone, Copy, Debug)]
pub struct Series(&'static Operation);

impl Series {
    /// Begins the measurement of a request that has just arrived.
    #[must_use]
    #[inline]
    pub fn start(self) -> Recorder {
        self.count();
        Recorder::new(self, self.now())
    }

    #[inline]
    pub(super) fn now(self) -> Moment {
        self.0.clock.now()
    }

    /// Since a moment, in nanoseconds.
    #[inline]
    pub(super) fn since(self, earlier: Moment) -> u64 {
        self.0.clock.since(earlier)
    }

    /// Whether a response with this status has no body, whatever the service says of it (RFC 9110, 6.4.1): the server asks
    /// for none.
    pub(super) fn sends_no_body(self, status: StatusCode) -> bool {
        let never = status.is_informational() || [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        never || self.0.verb == Verb::Head || self.0.verb == Verb::Connect && status.is_success()
    }

    /// Counts a request as running. A [`Recorder`] of it must follow.
    #[inline]
    pub(super) fn count(self) {
        self.0.series.start();
    }

    /// Records a request that took so long.
    #[inline(never)]
    pub(super) fn record(self, outcome: Outcome, nanoseconds: u64, body_bytes: u64) {
        // What happens with nearly every request comes first and calls no function: no register need be put by.
        if self.0.observers.is_empty()
            && let Some(tally) = self.0.series.outcomes.among_the_first(outcome)
            && tally.record_again(nanoseconds, body_bytes)
        {
            return;
        }
        self.record_and_tell(outcome, nanoseconds, body_bytes);
    }

    #[cold]
    #[inline(never)]
    fn record_and_tell(self, outcome: Outcome, nanoseconds: u64, body_bytes: u64) {
        self.0.series.outcomes.tally(outcome).record(nanoseconds, body_bytes);
        for observer in &*self.0.observers {
            observer.observe(&Observation {
                method: self.0.verb.as_str(),
                status: outcome.status(),
                duration: Duration::from_nanos(nanoseconds),
                body_bytes,
            });
        }
    }
}
