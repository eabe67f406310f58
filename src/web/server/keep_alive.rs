//! The announcement of how long an idle connection stays open, and of a connection that is about to close.
//!
//! `Keep-Alive: timeout=` is in seconds (<https://www.rfc-editor.org/rfc/rfc2068#section-19.7.1.1>). A client that knows it
//! sends no request on a connection that the server is closing.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Version, header};

static KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");

/// The announcement of the idle time limit.
#[derive(Clone, Debug)]
pub struct KeepAlive(HeaderValue);

impl KeepAlive {
    /// Announces this time limit, in whole seconds: never more than the limit is.
    pub fn new(idle_timeout: Duration) -> Self {
        let value = format!("timeout={}", idle_timeout.as_secs());
        Self(HeaderValue::try_from(value).expect("digits are a valid value"))
    }

    /// Adds the announcement to a response.
    pub fn announce(&self, headers: &mut HeaderMap) {
        headers.insert(&KEEP_ALIVE, self.0.clone());
    }
}

/// Returns whether the client expects the connection to stay open after this request.
pub fn is_wanted<B>(request: &Request<B>) -> bool {
    let connection = request.headers().get(header::CONNECTION);
    let has = |option: &str| {
        let value = connection.and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.split(',').any(|word| word.trim().eq_ignore_ascii_case(option)))
    };
    match request.version() {
        Version::HTTP_10 => has("keep-alive"),
        _ => !has("close"),
    }
}

/// Makes a response say that its connection closes.
pub fn close(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
}
