//! The series of each route, found once and then kept: a request touches no hash map and no lock.
//!
//! They are never freed: like the counts that they hold, they live as long as the process. A request so needs no
//! reference count, which would be a cache line that all processors write to.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use http::StatusCode;

use super::{
    column::{Place, Places},
    labels::{Outcome, Verb},
    outcomes::Outcomes,
    row::Row,
    tally::Totals,
};

/// How often the series of a method are read at the most. One reading takes about a microsecond: only a service that gets
/// hundreds of thousands of requests a second has requests arriving during all of them, and then it is wrong by one or two.
const MOST_READINGS: usize = 10;

/// The series of one route.
#[derive(Debug)]
pub(super) struct RouteSeries {
    path: String,
    by_verb: [OnceLock<Box<MethodSeries>>; Verb::ALL.len()],
}

impl RouteSeries {
    pub(super) fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            by_verb: [const { OnceLock::new() }; Verb::ALL.len()],
        }
    }

    /// The label value of `path`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The series of a method, created when it first occurs.
    #[inline]
    pub(super) fn method(&self, verb: Verb) -> &MethodSeries {
        self.by_verb[verb.index()].get_or_init(|| Box::new(MethodSeries::new()))
    }

    /// Those that have been created.
    pub(super) fn methods(&self) -> impl Iterator<Item = (Verb, &MethodSeries)> {
        Verb::ALL
            .into_iter()
            .filter_map(|verb| Some((verb, &**self.by_verb[verb.index()].get()?)))
    }

    /// Lets the series of this method and status exist at 0.
    pub(super) fn expect(&self, verb: Verb, status: StatusCode) {
        self.method(verb).outcomes.tally(Outcome::ended(status));
    }
}

static PLACES: Places = Places::new();

/// The series of one route and method.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct MethodSeries {
    /// Where each thread counts the requests that have arrived.
    started: Place,
    /// Those that have ended.
    pub(super) outcomes: Outcomes,
}

impl MethodSeries {
    fn new() -> Self {
        Self {
            started: PLACES.next(),
            outcomes: Outcomes::default(),
        }
    }

    /// Counts a request that arrives.
    #[inline]
    pub(super) fn start(&self) {
        match Row::own().and_then(|row| row.started.get(self.started)) {
            Some(started) => add_one(started),
            None => self.start_first(),
        }
    }

    #[cold]
    fn start_first(&self) {
        Row::write(|row| add_one(row.started.get_or_make(self.started)));
    }

    /// What was recorded of each outcome that occurred or is expected, and how many requests are running.
    ///
    /// What has ended is read before what has started, so that no start is missing. Requests that arrive in between
    /// would be taken for running, so it is read again until none did, or until it was tried often enough.
    pub(super) fn read(&self) -> (Vec<(Outcome, Totals)>, u64) {
        let mut before = self.started();
        let mut readings = 1..=MOST_READINGS;
        loop {
            let ended = self.ended();
            let started = self.started();
            readings.next();
            if started == before || readings.is_empty() {
                let requests = ended.iter().map(|(_, totals)| totals.requests()).sum();
                return (ended, started.wrapping_sub(requests));
            }
            before = started;
        }
    }

    fn ended(&self) -> Vec<(Outcome, Totals)> {
        let tallies = self.outcomes.tallies();
        tallies.map(|(outcome, tally)| (outcome, tally.totals())).collect()
    }

    fn started(&self) -> u64 {
        let started = Row::all().iter().filter_map(|row| row.started.get(self.started));
        started
            .map(|started| started.load(Ordering::Relaxed))
            .fold(0, u64::wrapping_add)
    }
}

/// To a number that only this thread writes to.
#[inline]
fn add_one(number: &AtomicU64) {
    number.store(number.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
}
