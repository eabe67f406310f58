//! The request that a task serves, so that whatever logs meanwhile need not be told.
//!
//! A span of `tracing` would say the same. But the registry keeps each span and writes its fields down when it begins,
//! although hardly any request logs a line: that took a fifth of all that the service does for a request.

use http::{Method, Request, uri::PathAndQuery};
use serde::Serialize;
use tokio::{task::futures::TaskLocalFuture, task_local};

use crate::web::request_id::RequestId;

task_local! {
    static SERVED: RequestContext;
}

/// A request, as far as log lines name it.
#[derive(Debug)]
pub struct RequestContext {
    id: RequestId,
    method: Method,
    target: Option<PathAndQuery>,
}

/// The fields of a log line that was written while a request was served.
#[derive(Debug, Serialize)]
pub(super) struct Fields<'a> {
    pub(super) request_id: &'a str,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
}

impl RequestContext {
    /// Of this request, which is given an id if it brought none.
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        Self {
            id: RequestId::take_or_make(request),
            method: request.method().clone(),
            target: request.uri().path_and_query().cloned(),
        }
    }

    /// Lets a future run as work for this request.
    pub(super) fn scope<F: Future>(self, future: F) -> TaskLocalFuture<Self, F> {
        SERVED.scope(self, future)
    }

    /// The id of the request that this task serves, or `None` where it serves none.
    pub(super) fn served_id() -> Option<RequestId> {
        SERVED.try_with(|request| request.id.clone()).ok()
    }

    /// Hands on the fields of the request that this task serves. Where it serves none, nothing happens.
    pub(super) fn with_served(read: impl FnOnce(&Fields<'_>)) {
        let _ = SERVED.try_with(|request| {
            read(&Fields {
                request_id: request.id.as_str(),
                method: request.method.as_str(),
                path: request.target.as_ref().map_or("", PathAndQuery::path),
            });
        });
    }
}
