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
    labels::{Outcome, Verb},
    outcomes::Outcomes,
    per_thread::PerThread,
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
        self.method(verb).outcomes.tally(Outcome::Status(status));
    }
}

/// The series of one route and method.
#[derive(Debug)]
pub(super) struct MethodSeries {
    /// How many requests have arrived.
    started: PerThread<AtomicU64>,
    /// Those that have ended.
    pub(super) outcomes: Outcomes,
}

impl MethodSeries {
    fn new() -> Self {
        Self {
            started: PerThread::new(),
            outcomes: Outcomes::default(),
        }
    }

    /// Counts a request that arrives.
    #[inline]
    pub(super) fn start(&self) {
        self.started.write(|started| {
            let requests = started.load(Ordering::Relaxed);
            started.store(requests.wrapping_add(1), Ordering::Relaxed);
        });
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
        let started = self.started.values();
        started
            .map(|started| started.load(Ordering::Relaxed))
            .fold(0, u64::wrapping_add)
    }
}
