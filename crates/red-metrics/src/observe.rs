//! A place for what an application wants to know of its requests beyond the four families.

use std::{fmt::Debug, time::Duration};

use http::StatusCode;

/// One request that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The label value of `method`: a standard verb or `other`.
    pub method: &'static str,
    /// The status that was sent, or `None` where the client left before the end.
    pub status: Option<StatusCode>,
    /// From the request's arrival to the end of the response's body.
    pub duration: Duration,
    /// Bytes of the response's body that were sent.
    pub body_bytes: u64,
}

/// Is told of every request to a route, when its response's body has ended, however it ended.
///
/// It runs on the request's own thread, so it should be quick, and it must not panic: a panic while another one unwinds
/// ends the process.
pub trait Observe: Debug + Send + Sync + 'static {
    fn observe(&self, request: &Observation);
}
