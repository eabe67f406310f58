//! The service that both layers make. They differ only in how a request's series is found.

use std::task::{Context, Poll};

use http::{Request, Response};
use http_body::Body;
use tower::Service;

use crate::{body::MeasuredBody, future::ResponseFuture, recorder::Series};

/// Finds the series of a request.
pub trait Lookup {
    /// The series, or `None` if the request's route is not measured.
    fn series<B>(&self, request: &Request<B>) -> Option<Series>;
}

/// A service that records each request. Made by [`RedMetricsLayer`](crate::RedMetricsLayer) and
/// [`OutermostLayer`](crate::OutermostLayer).
#[derive(Clone, Debug)]
pub struct RedMetricsService<S, L> {
    inner: S,
    lookup: L,
}

impl<S, L> RedMetricsService<S, L> {
    pub(crate) fn new(inner: S, lookup: L) -> Self {
        Self { inner, lookup }
    }
}

impl<S, L, RequestBody, ResponseBody> Service<Request<RequestBody>> for RedMetricsService<S, L>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    L: Lookup,
    ResponseBody: Body,
{
    type Response = Response<MeasuredBody<ResponseBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        // Before the call: a service that panics in it is recorded too.
        let recorder = self.lookup.series(&request).map(Series::start);
        ResponseFuture::new(self.inner.call(request), recorder)
    }
}
