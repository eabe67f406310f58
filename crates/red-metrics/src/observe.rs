//! A hook for what an application wants to know of its requests beyond the four families.

use std::{fmt::Debug, time::Duration};

use http::StatusCode;

/// A request that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The method as a label value: a standard method or `other`.
    pub method: &'static str,
    /// The status that was sent, or `None` where the request was aborted.
    pub status: Option<StatusCode>,
    /// The time from the request's arrival to the end of the response's body.
    pub duration: Duration,
    /// The bytes of the response's body that were sent.
    pub body_bytes: u64,
}

/// An observer of the requests to a route. See [`Monitoring::observed_by`](crate::Monitoring::observed_by).
pub trait Observe: Debug + Send + Sync + 'static {
    /// Called once for each request, after it was recorded, however it ended.
    ///
    /// The call runs on the request's own thread, so it should be quick. It must not panic: a request can end while its
    /// thread unwinds, and a second panic then aborts the process.
    fn observe(&self, request: &Observation);
}
