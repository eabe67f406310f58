//! The id that follows a request through the logs of all services.

use axum::http::HeaderValue;
use http::{HeaderName, Request, Response};
use rand::random;

/// The header that carries the id, in requests and in replies.
pub static HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The most characters that are taken from a client.
const LONGEST: usize = 128;

/// A request's id: visible ASCII, so that it can stand in a header and in a log line.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id that the request brought, or a new one if it brought none that is fit to be logged and handed on.
    pub fn take_or_make<B>(request: &Request<B>) -> Self {
        request
            .headers()
            .get(&HEADER)
            .filter(|id| is_fit(id.as_bytes()))
            .map_or_else(Self::make, |id| Self(id.clone()))
    }

    /// A new random id of 128 bits.
    pub fn make() -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut id = [0; 32];
        for (digits, byte) in id.chunks_exact_mut(2).zip(random::<u128>().to_ne_bytes()) {
            digits[0] = DIGITS[usize::from(byte >> 4)];
            digits[1] = DIGITS[usize::from(byte & 0xf)];
        }
        Self(HeaderValue::from_bytes(&id).expect("hexadecimal digits are a header's value"))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        // The header's own check for ASCII goes byte by byte, and this is asked for with each request.
        str::from_utf8(self.0.as_bytes()).expect("it was checked to be visible ASCII")
    }

    /// The id as a header's value.
    pub fn to_header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// Puts the id on a response.
    pub fn mark<B>(self, response: &mut Response<B>) {
        response.headers_mut().insert(&HEADER, self.0);
    }
}

fn is_fit(id: &[u8]) -> bool {
    (1..=LONGEST).contains(&id.len())
        && id
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_for(sent: &[u8]) -> RequestId {
        let value = HeaderValue::from_bytes(sent).expect("a header's value");
        let request = Request::builder().header(&HEADER, value).body(()).expect("a request");
        RequestId::take_or_make(&request)
    }

    #[test]
    fn a_fit_id_is_taken() {
        assert_eq!(id_for(b"Root=1-67891233.abc_def").as_str(), "Root=1-67891233.abc_def");
    }

    #[test]
    fn an_id_that_could_forge_a_log_line_or_is_too_long_is_replaced() {
        for unfit in [b"".as_slice(), b"a b", b"\xff\xfe", b"\"}{", &[b'a'; 129]] {
            let id = id_for(unfit);
            assert_eq!(id.as_str().len(), 32, "{}", unfit.escape_ascii());
        }
    }
}
