//! A log line for each request, and the request's id on its reply.

mod context;
mod line;

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tokio::task::futures::TaskLocalFuture;
use tower::{Layer, Service};
use tracing::{debug, warn};

use super::problem::TurnedAway;
use std::time::Instant;

pub use self::{context::RequestContext, line::NamingRequest};

/// Takes or makes each request's id, so that all that is logged while it is served bears it, and logs how it was answered:
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
    type Future = TaskLocalFuture<RequestContext, LoggedResponse<S::Future>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let context = RequestContext::of(&request);
        context.scope(LoggedResponse {
            arrived: Instant::now(),
            inner: self.inner.call(request),
        })
    }
}

pin_project! {
    /// Waits for a response, logs it and puts the request's id on it.
    #[derive(Debug)]
    pub struct LoggedResponse<F> {
        arrived: Instant,
        #[pin]
        inner: F,
    }
}

impl<F, B, E> Future for LoggedResponse<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(context))?;
        let status = response.status();
        // The clock is only read for a line that is written.
        let duration = || this.arrived.elapsed();
        if status.is_server_error() && response.extensions().get::<TurnedAway>().is_none() {
            warn!(status = status.as_u16(), duration = ?duration(), "answered with a server error");
        } else {
            debug!(status = status.as_u16(), duration = ?duration(), "answered");
        }
        if let Some(id) = RequestContext::served_id() {
            id.mark(&mut response);
        }
        Poll::Ready(Ok(response))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        fs::File,
        io::{Read, Seek},
        sync::Arc,
    };

    use futures_util::FutureExt;
    use tower::{ServiceExt, service_fn};
    use tracing::{Dispatch, dispatcher::with_default, info};
    use tracing_subscriber::fmt;

    use super::*;

    /// Serves a request that fails, and one of a thread that serves none; returns what the log says meanwhile.
    fn logged(subscriber: impl FnOnce(Arc<File>) -> Dispatch) -> Vec<String> {
        let mut log = tempfile::tempfile().expect("a temporary file");
        let writer = Arc::new(log.try_clone().expect("a second handle"));
        let subscriber = subscriber(writer);
        with_default(&subscriber, || {
            let service = RequestLogLayer.layer(service_fn(async |_: Request<()>| {
                info!("at work");
                let mut response = Response::new(());
                *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
                Ok::<_, Infallible>(response)
            }));
            let request = Request::post("/echo?to=me").header("x-request-id", "order-17").body(());
            let answered = service.oneshot(request.expect("a request")).now_or_never();
            let response = answered.expect("it does not wait").expect("infallible");
            assert_eq!(response.headers()["x-request-id"], "order-17");
            info!("afterwards");
        });
        let mut lines = String::new();
        log.rewind().expect("it is a file");
        log.read_to_string(&mut lines).expect("the log is text");
        lines.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_line_for_people_ends_with_the_request_during_which_it_was_written() {
        let lines = logged(|log| {
            fmt()
                .with_writer(log)
                .map_event_format(NamingRequest::in_text)
                .finish()
                .into()
        });
        let request = r#" request_id="order-17" method="POST" path="/echo""#;
        let [at_work, answered, afterwards] = &lines[..] else {
            panic!("expected three lines: {lines:?}");
        };
        assert!(at_work.ends_with(&format!("at work{request}")), "{at_work}");
        assert!(
            answered.contains("answered with a server error status=500 duration="),
            "{answered}"
        );
        assert!(answered.ends_with(request), "{answered}");
        assert!(afterwards.ends_with("afterwards"), "{afterwards}");
    }

    #[test]
    fn a_line_for_machines_is_one_object_that_holds_the_request() {
        let lines = logged(|log| {
            let json = fmt().json().flatten_event(true).with_writer(log);
            json.map_event_format(NamingRequest::in_json).finish().into()
        });
        let lines: Vec<serde_json::Value> = lines
            .iter()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let request = serde_json::json!({ "request_id": "order-17", "method": "POST", "path": "/echo" });
        let found: Vec<_> = lines
            .iter()
            .map(|line| (&line["message"], line.get("request")))
            .collect();
        assert_eq!(
            found,
            [
                (&"at work".into(), Some(&request)),
                (&"answered with a server error".into(), Some(&request)),
                (&"afterwards".into(), None),
            ]
        );
    }
}
