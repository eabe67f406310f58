//! The id that follows a request through the logs of all services.
//!
//! tower-http's layers for request ids do the same, but keep the id in the extensions of the request and the response too,
//! and need a third layer to refuse unfit ids.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::http::HeaderValue;
use http::{HeaderName, Request, Response};
use pin_project_lite::pin_project;
use rand::random;
use tower::Service;

/// The header that carries the id, in requests and in responses.
pub static HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Maximum length of an id that a client sends.
const MAX_LENGTH: usize = 128;

/// Middleware that gives each request an id, unless the client sent one, and copies it to the response.
///
/// An id that is too long or could forge a log line is replaced.
#[derive(Clone, Debug)]
pub struct IdentifyRequests<S>(pub S);

impl<S, B, R> Service<Request<B>> for IdentifyRequests<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = IdentifiedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let sent = request.headers().get(&HEADER).filter(|id| is_fit(id.as_bytes()));
        let id = sent.cloned().unwrap_or_else(|| {
            let id = HeaderValue::try_from(random_id()).expect("hexadecimal digits are a valid value");
            request.headers_mut().insert(&HEADER, id.clone());
            id
        });
        IdentifiedFuture {
            inner: self.0.call(request),
            id: Some(id),
        }
    }
}

pin_project! {
    /// Response future of [`IdentifyRequests`].
    #[derive(Debug)]
    pub struct IdentifiedFuture<F> {
        #[pin]
        inner: F,
        id: Option<HeaderValue>,
    }
}

impl<F: Future<Output = Result<Response<R>, E>>, R, E> Future for IdentifiedFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut result = ready!(this.inner.poll(context));
        if let (Ok(response), Some(id)) = (&mut result, this.id.take()) {
            response.headers_mut().insert(&HEADER, id);
        }
        Poll::Ready(result)
    }
}

/// Returns a new random id of 128 bits, in hexadecimal digits.
pub fn random_id() -> String {
    format!("{:032x}", random::<u128>())
}

fn is_fit(id: &[u8]) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_could_forge_a_log_line_or_is_too_long_is_unfit() {
        assert!(is_fit(b"Root=1-67891233.abc_def"));
        assert!(is_fit(&[b'a'; 128]));
        for unfit in [b"".as_slice(), b"a b", b"\xff\xfe", b"\"}{", &[b'a'; 129]] {
            assert!(!is_fit(unfit), "{}", unfit.escape_ascii());
        }
    }
}
