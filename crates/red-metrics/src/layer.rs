//! The tower layer and its service.

use std::task::{Context, Poll};

use http::{Method, Request, Response};
use http_body::Body;
use tower::{Layer, Service};

use super::{
    RouteTable,
    body::MeasuredBody,
    catalogue::Catalogue,
    future::ResponseFuture,
    lookup::{Lookup, Series},
};

/// Records every request to the service inside. Made by [`RedMetrics::layer`](super::RedMetrics::layer).
#[derive(Clone, Copy, Debug)]
pub struct RedMetricsLayer {
    lookup: &'static Lookup,
}

impl RedMetricsLayer {
    pub(super) fn new(catalogue: &Catalogue, routes: &RouteTable) -> Self {
        Self {
            // Never freed, as its series are not: it is copied for each request.
            lookup: Box::leak(Box::new(Lookup::new(catalogue, routes))),
        }
    }

    /// The series of a request, or `None` where its route is not measured. For requests that do not pass through the
    /// service, such as those of another protocol: begin with [`Series::start`].
    #[must_use]
    #[inline]
    pub fn series(&self, path: &str, method: &Method) -> Option<Series> {
        self.lookup.series(path, method)
    }
}

impl<S> Layer<S> for RedMetricsLayer {
    type Service = RedMetricsService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RedMetricsService { inner, layer: *self }
    }
}

/// The service that [`RedMetricsLayer`] makes.
#[derive(Clone, Debug)]
pub struct RedMetricsService<S> {
    inner: S,
    layer: RedMetricsLayer,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for RedMetricsService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    ResponseBody: Body,
{
    type Response = Response<MeasuredBody<ResponseBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let series = self.layer.series(request.uri().path(), request.method());
        let arrival = series.map(|series| (series, series.now()));
        ResponseFuture::new(self.inner.call(request), arrival)
    }
}
