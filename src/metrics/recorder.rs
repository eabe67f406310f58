//! One request's measurement, from its arrival to its end.

use std::{sync::Arc, thread, time::Instant};

use http::StatusCode;

use super::{labels::Outcome, series::MethodSeries};

/// Counts a request as running from [`Recorder::start`] on, and records it when it is dropped.
///
/// It travels from the response's future into the response's body. Whoever drops it, and whenever that is, the request
/// is recorded once and the gauge comes back: at the end of the body, when the client leaves, when a handler panics.
#[derive(Debug)]
pub(super) struct Recorder {
    series: Arc<MethodSeries>,
    arrived: Instant,
    status: Option<StatusCode>,
    body_bytes: u64,
    ended: bool,
}

impl Recorder {
    pub(super) fn start(series: &Arc<MethodSeries>) -> Self {
        series.concurrent.inc();
        Self {
            series: Arc::clone(series),
            arrived: Instant::now(),
            status: None,
            body_bytes: 0,
            ended: false,
        }
    }

    /// The response's head is there.
    pub(super) fn head(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// A piece of the response's body is on its way.
    pub(super) fn sent(&mut self, bytes: usize) {
        self.body_bytes += bytes as u64;
    }

    /// The response has ended, nothing of it is missing.
    pub(super) fn end(mut self) {
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
        let outcome = self.series.outcome(self.outcome());
        outcome.requests.inc();
        outcome.duration.observe(self.arrived.elapsed().as_secs_f64());
        self.series.response_size.observe(self.body_bytes as f64);
        self.series.concurrent.dec();
    }
}
