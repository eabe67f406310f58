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
    body_bytes: u64,
    status: Option<StatusCode>,
}

impl Recorder {
    /// Of a request that has arrived then and was counted as running.
    #[inline]
    pub(super) fn new(series: Series, arrived: Moment) -> Self {
        Self {
            series,
            arrived,
            body_bytes: 0,
            status: None,
        }
    }

    /// The response's head is there.
    #[inline]
    pub fn head(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// A piece of the response's body is on its way.
    #[inline]
    pub fn sent(&mut self, bytes: usize) {
        self.body_bytes += bytes as u64;
    }

    /// The response has ended, nothing of it is missing.
    #[inline]
    pub fn end(self) {
        // Recorded here, and not a second time as what was left.
        let ended = ManuallyDrop::new(self);
        ended.record(ended.status.map_or(Outcome::Aborted, Outcome::Status));
    }

    #[inline]
    fn record(&self, outcome: Outcome) {
        self.series.record(outcome, self.arrived, self.body_bytes);
    }
}

/// The response has not ended, and no more of it will be sent.
impl Drop for Recorder {
    #[cold]
    fn drop(&mut self) {
        // Without a layer that catches panics the future is dropped while the stack unwinds: the service's fault.
        self.record(if thread::panicking() {
            Outcome::Status(StatusCode::INTERNAL_SERVER_ERROR)
        } else {
            Outcome::Aborted
        });
    }
}
