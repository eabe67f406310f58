//! The id that follows a request through the logs of all services, with tower-http's layers for request ids.

use axum::http::HeaderValue;
use http::{HeaderName, Request};
use rand::random;
use tower_http::request_id::{MakeRequestId, RequestId};

/// The header that carries the id, in requests and in replies.
pub static HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Maximum length of an id that a client sends.
const MAX_LENGTH: usize = 128;

/// Makes a random id for a request without one.
#[derive(Clone, Copy, Debug)]
pub struct MakeRandomId;

impl MakeRequestId for MakeRandomId {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        HeaderValue::try_from(random_id()).ok().map(RequestId::new)
    }
}

/// Returns a new random id of 128 bits, in hexadecimal digits.
pub fn random_id() -> String {
    let digit = |byte| char::from(b"0123456789abcdef"[usize::from(byte)]);
    let bytes = random::<[u8; 16]>().into_iter();
    bytes.flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// Removes an id that is too long or could forge a log line: the request then gets one of its own.
pub fn remove_unfit<B>(mut request: Request<B>) -> Request<B> {
    if let Some(id) = request.headers().get(&HEADER)
        && !is_fit(id.as_bytes())
    {
        request.headers_mut().remove(&HEADER);
    }
    request
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
