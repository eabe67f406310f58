//! The condition for access, and its checks.

use std::net::{IpAddr, SocketAddr};

use http::{
    HeaderMap,
    header::{self, HeaderName},
    uri::{Authority, Uri},
};

use crate::{Refusal, Token};

/// The condition for access.
#[derive(Clone, Debug)]
pub enum Access {
    /// No token, because the listener is on loopback.
    ///
    /// A page in a browser on this machine could still send requests. The browser's CORS preflight stops ordinary
    /// cross-origin requests, but not DNS rebinding, where a foreign name resolves to loopback. So the `Host` header
    /// must name loopback, too.
    Loopback,
    /// The bearer token, from any address.
    Token(Token),
}

/// A listener's address that others can reach, without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {0}, which others can reach; expected a loopback address such as 127.0.0.1")]
pub struct UnprotectedAddress(pub SocketAddr);

impl Access {
    /// Returns the condition for a listener at this address.
    ///
    /// # Errors
    ///
    /// Fails if the address is not loopback and there is no token.
    pub fn of(address: SocketAddr, token: Option<&Token>) -> Result<Self, UnprotectedAddress> {
        match token {
            Some(token) => Ok(Self::Token(token.clone())),
            None if address.ip().to_canonical().is_loopback() => Ok(Self::Loopback),
            None => Err(UnprotectedAddress(address)),
        }
    }

    /// Checks that the `Host` header names loopback, while [`Access::Loopback`] is in use.
    pub fn check_host(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match self {
            Self::Loopback if !has_loopback_host(headers) => Err(Refusal::ForeignHost),
            _ => Ok(()),
        }
    }

    /// Checks the token, if one is set.
    pub fn check_token(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match self {
            Self::Token(token) if !bearer(headers).is_some_and(|presented| token.matches(presented)) => {
                Err(Refusal::NoToken)
            }
            _ => Ok(()),
        }
    }

    /// Checks that a browser's request comes from a page of the same origin. Other clients send no `Origin` header.
    pub fn check_origin(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return Ok(());
        };
        let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
        match (
            origin.as_ref().and_then(Uri::authority),
            authority(headers, &header::HOST),
        ) {
            (Some(origin), Some(host)) if *origin == host => Ok(()),
            _ => Err(Refusal::ForeignOrigin),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn authority(headers: &HeaderMap, name: &HeaderName) -> Option<Authority> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

fn has_loopback_host(headers: &HeaderMap) -> bool {
    authority(headers, &header::HOST).is_some_and(|authority| is_loopback(authority.host()))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn loopback_names_and_addresses_are_recognized() {
        for host in [
            "localhost",
            "LOCALHOST",
            "127.0.0.1",
            "127.1.2.3",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "0.0.0.0",
            "[::]",
            "app",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn only_the_same_origin_or_none_is_accepted() {
        let check = |origin: Option<&'static str>| {
            let mut headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("127.0.0.1:8000"))]);
            headers.extend(origin.map(|origin| (header::ORIGIN, HeaderValue::from_static(origin))));
            Access::Loopback.check_origin(&headers)
        };
        for origin in [None, Some("http://127.0.0.1:8000")] {
            assert_eq!(check(origin), Ok(()), "{origin:?}");
        }
        for origin in [
            "null",
            "",
            "http://127.0.0.1:8080",
            "http://localhost:8000",
            "http://example.com",
        ] {
            assert_eq!(check(Some(origin)), Err(Refusal::ForeignOrigin), "{origin}");
        }
    }

    #[test]
    fn an_address_beyond_loopback_needs_a_token() {
        let outside = "0.0.0.0:8000".parse().expect("valid");
        assert!(Access::of(outside, None).is_err());
        assert!(Access::of(outside, Some(&"secret".parse().expect("valid"))).is_ok());
        assert!(Access::of("[::1]:8000".parse().expect("valid"), None).is_ok());
    }
}
