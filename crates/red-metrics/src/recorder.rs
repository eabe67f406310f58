//! One request's measurement, from its arrival to its end.

use std::{mem::ManuallyDrop, thread};

use http::StatusCode;

use super::{clock::Moment, labels::Outcome, lookup::Series};

/// Counts a request as running from [`Series::start`] on, and records it when it is dropped.
///
/// It travels from the response's future into the response's body. Whoever drops it, and whenever that is, the request
/// is recorded once and the gauge comes back: at the end of the body, when the client leaves, when a handler panics.
#[derive(Debug)]
pub struct Recorder {
    series: Series,
    arrived: Moment,
    sent: u64,
    /// How many bytes a server asks for at the most.
    most: u64,
    /// What is recorded when the response ends as it should.
    outcome: Outcome,
}

impl Recorder {
    /// Of a request that has arrived then and was counted as running.
    #[inline]
    pub(super) fn new(series: Series, arrived: Moment) -> Self {
        Self {
            series,
            arrived,
            sent: 0,
            most: u64::MAX,
            outcome: Outcome::ABORTED,
        }
    }

    /// The same when the response's head is there, of whose body a server asks for so many bytes at the most.
    #[inline]
    pub(super) fn with_head(series: Series, arrived: Moment, status: StatusCode, most: u64) -> Self {
        Self {
            series,
            arrived,
            sent: 0,
            most,
            outcome: Outcome::ended(status),
        }
    }

    /// The response's head is there.
    #[inline]
    pub fn head(&mut self, status: StatusCode) {
        self.outcome = Outcome::ended(status);
    }

    /// A piece of the response's body is on its way.
    #[inline]
    pub fn sent(&mut self, bytes: usize) {
        self.sent += bytes as u64;
    }

    /// Whether all that a server asks for is on its way.
    #[inline]
    pub(super) fn has_sent_all(&self) -> bool {
        self.sent >= self.most
    }

    /// The response has ended, nothing of it is missing.
    #[inline]
    pub fn end(self) {
        // Recorded here, and not a second time as what was left.
        let ended = ManuallyDrop::new(self);
        ended.record(ended.outcome);
    }

    #[inline]
    fn record(&self, outcome: Outcome) {
        self.series.record(outcome, self.series.since(self.arrived), self.sent);
    }

    /// How a response ended of which nobody asks for more.
    fn left(&self) -> Outcome {
        // Without a layer that catches panics the future is dropped while the stack unwinds: the service's fault.
        if thread::panicking() {
            return Outcome::ended(StatusCode::INTERNAL_SERVER_ERROR);
        }
        match self.outcome.status() {
            Some(status) if self.has_sent_all() || self.series.sends_no_body(status) => self.outcome,
            _ => Outcome::ABORTED,
        }
    }
}

impl Drop for Recorder {
    #[cold]
    fn drop(&mut self) {
        self.record(self.left());
    }
}
