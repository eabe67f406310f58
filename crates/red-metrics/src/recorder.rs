//! The measurement of one request, from its arrival to its end.

use std::{sync::Arc, thread, time::Duration};

use http::{HeaderMap, Method, StatusCode, header::CONTENT_LENGTH};
use http_body::SizeHint;

use crate::{
    labels::{MethodLabel, Outcome},
    observe::Observation,
    registry::Route,
};

/// The series to which a request of one route and method is added.
#[derive(Clone, Debug)]
pub struct Series {
    route: Arc<Route>,
    method: MethodLabel,
}

impl Series {
    pub(crate) fn new(route: Arc<Route>, method: &Method) -> Self {
        Self {
            route,
            method: method.into(),
        }
    }

    /// Starts the measurement of a request that has just arrived.
    #[must_use]
    #[inline]
    pub fn start(self) -> Recorder {
        let series = self.route.method(self.method);
        series.start();
        Recorder {
            arrived: series.clock().raw(),
            series: self,
            sent: 0,
            expected: u64::MAX,
            outcome: Outcome::Aborted,
            ended: false,
        }
    }

    /// Whether a response with this status has no body, whatever the service says of it (RFC 9110, section 6.4.1): the
    /// server asks for none.
    fn sends_no_body(&self, status: StatusCode) -> bool {
        let never = status.is_informational() || [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        never || self.method == MethodLabel::Head || self.method == MethodLabel::Connect && status.is_success()
    }
}

/// A guard that counts a request as in flight, and records it when dropped.
///
/// It moves from the response's future into the response's body. Whoever drops it, and whenever, the request is recorded
/// once and the gauge comes back: at the end of the body, when the client leaves, when a handler panics.
#[derive(Debug)]
pub struct Recorder {
    series: Series,
    /// By the clock's raw count.
    arrived: u64,
    /// Bytes of the body so far.
    sent: u64,
    /// The bytes after which a server asks for no more of the body.
    expected: u64,
    /// What is recorded if the response ends as it should.
    outcome: Outcome,
    ended: bool,
}

impl Recorder {
    /// Notes the response's head.
    #[inline]
    pub fn head(&mut self, status: StatusCode) {
        self.outcome = Outcome::Sent(status);
    }

    /// Notes the length of the response's body, as far as it is known beforehand: from the body, or from the head of a
    /// body that does not know itself, such as a file that is read as it is sent.
    #[inline]
    pub(crate) fn expect(&mut self, size: &SizeHint, is_end_stream: bool, headers: &HeaderMap) {
        self.expected = match size.exact() {
            Some(length) => length,
            None if is_end_stream => 0,
            None => content_length(headers).unwrap_or(u64::MAX),
        };
    }

    /// Notes a piece of the response's body.
    #[inline]
    pub fn sent(&mut self, bytes: usize) {
        self.sent += bytes as u64;
    }

    /// Whether a server asks for no more of the body.
    #[inline]
    pub(crate) fn is_complete(&self) -> bool {
        self.sent >= self.expected
    }

    /// Records the request as one whose response ended with nothing missing.
    pub fn end(mut self) {
        self.mark_ended();
    }

    /// Notes that nothing of the response is missing: when dropped, the request is recorded with the status sent.
    pub(crate) fn mark_ended(&mut self) {
        self.ended = true;
    }

    fn record(&self, outcome: Outcome) {
        let Series { route, method } = &self.series;
        let series = route.method(*method);
        let nanoseconds = series.clock().delta_as_nanos(self.arrived, series.clock().raw());
        series.end(outcome, nanoseconds, self.sent);
        for observer in &route.observers {
            observer.observe(&Observation {
                method: method.as_str(),
                status: outcome.status(),
                duration: Duration::from_nanos(nanoseconds),
                body_bytes: self.sent,
            });
        }
    }

    /// How the response ended of which nobody asks for more.
    fn outcome_when_dropped(&self) -> Outcome {
        if self.ended {
            return self.outcome;
        }
        // With no layer that catches panics, the future is dropped while the stack unwinds: the service's fault.
        if thread::panicking() {
            return Outcome::Sent(StatusCode::INTERNAL_SERVER_ERROR);
        }
        match self.outcome.status() {
            Some(status) if self.is_complete() || self.series.sends_no_body(status) => self.outcome,
            _ => Outcome::Aborted,
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.record(self.outcome_when_dropped());
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
