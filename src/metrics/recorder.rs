//! One request's measurement, from its arrival to its end.

use std::thread;

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
    status: Option<StatusCode>,
    body_bytes: u64,
    ended: bool,
}

impl Recorder {
    pub(super) fn new(series: Series) -> Self {
        Self {
            series,
            arrived: Moment::now(),
            status: None,
            body_bytes: 0,
            ended: false,
        }
    }

    /// The response's head is there.
    pub fn head(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// A piece of the response's body is on its way.
    pub fn sent(&mut self, bytes: usize) {
        self.body_bytes += bytes as u64;
    }

    /// The response has ended, nothing of it is missing.
    pub fn end(mut self) {
        self.ended = true;
    }

    fn outcome(&self) -> Outcome {
        match self.status {
            Some(status) if self.ended => Outcome::Status(status),
            // Without a layer that catches panics the future is dropped while the stack unwinds: the service's fault.
            _ if thread::panicking() => Outcome::Status(StatusCode::INTERNAL_SERVER_ERROR),
            _ => Outcome::Aborted,
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.series
            .record(self.outcome(), self.arrived.elapsed(), self.body_bytes);
    }
}
