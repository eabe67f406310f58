//! A log line for each request, and the request's id on its reply.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower::{Layer, Service};
use tracing::{Instrument, debug, info_span, instrument::Instrumented, warn};

use super::{problem::TurnedAway, request_id::RequestId};

/// Takes or makes each request's id, runs the request in a span that bears it, and logs how it was answered:
/// at debug level, or as a warning where the status is 5xx. What was turned away under overload is no warning: the log
/// would only add to the load, and a metric counts it.
#[derive(Clone, Copy, Debug)]
pub struct RequestLogLayer;

impl<S> Layer<S> for RequestLogLayer {
    type Service = RequestLog<S>;

    fn layer(&self, inner: S) -> RequestLog<S> {
        RequestLog { inner }
    }
}

/// The service that [`RequestLogLayer`] makes.
#[derive(Clone, Debug)]
pub struct RequestLog<S> {
    inner: S,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for RequestLog<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = LoggedResponse<Instrumented<S::Future>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let id = RequestId::take_or_make(&request);
        let span = info_span!(
            "request",
            request_id = id.as_str(),
            method = request.method().as_str(),
            path = request.uri().path(),
        );
        LoggedResponse {
            id: Some(id),
            arrived: Instant::now(),
            inner: self.inner.call(request).instrument(span),
        }
    }
}

pin_project! {
    /// Waits for a response, logs it and puts the request's id on it.
    #[derive(Debug)]
    pub struct LoggedResponse<F> {
        id: Option<RequestId>,
        arrived: Instant,
        #[pin]
        inner: F,
    }
}

impl<F, B, E> Future for LoggedResponse<Instrumented<F>>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let mut response = ready!(this.inner.as_mut().poll(context))?;
        let _in_span = this.inner.span().enter();
        let (status, duration) = (response.status().as_u16(), this.arrived.elapsed());
        let turned_away = response.extensions().get::<TurnedAway>().is_some();
        if response.status().is_server_error() && !turned_away {
            warn!(status, ?duration, "answered with a server error");
        } else {
            debug!(status, ?duration, "answered");
        }
        if let Some(id) = this.id.take() {
            id.mark(&mut response);
        }
        Poll::Ready(Ok(response))
    }
}
