//! The tower layer and its service.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use http::{Method, Request, Response};
use http_body::Body;
use tower::{Layer, Service};

use super::{
    RouteTable, body::MeasuredBody, families::Families, future::ResponseFuture, recorder::Recorder,
    series::SeriesByRoute,
};

/// Records every request to the service inside. Made by [`HttpMetrics::layer`](super::HttpMetrics::layer).
#[derive(Clone, Debug)]
pub struct HttpMetricsLayer {
    series: Arc<SeriesByRoute>,
}

impl HttpMetricsLayer {
    pub(super) fn new(families: &Arc<Families>, routes: &RouteTable) -> Self {
        Self {
            series: Arc::new(SeriesByRoute::new(families, routes)),
        }
    }
}

impl<S> Layer<S> for HttpMetricsLayer {
    type Service = HttpMetricsService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        HttpMetricsService {
            inner,
            series: Arc::clone(&self.series),
        }
    }
}

/// The service that [`HttpMetricsLayer`] makes.
#[derive(Clone, Debug)]
pub struct HttpMetricsService<S> {
    inner: S,
    series: Arc<SeriesByRoute>,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for HttpMetricsService<S>
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

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let recorder = self
            .series
            .of(request.uri().path(), request.method())
            .map(Recorder::start);
        let bodiless = *request.method() == Method::HEAD;
        ResponseFuture::new(self.inner.call(request), recorder, bodiless)
    }
}
