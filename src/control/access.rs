//! Access control of the control listener.

use std::{fmt, net::IpAddr, str::FromStr};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use subtle::ConstantTimeEq;

use crate::web::problem::Problem;

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

/// A bearer token (RFC 6750).
#[derive(Clone)]
pub struct Token(Box<str>);

impl Token {
    /// Compares in constant time, so that timing reveals nothing about the token.
    fn matches(&self, token: &str) -> bool {
        self.0.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

impl FromStr for Token {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=256).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
        if fits {
            Ok(Self(text.into()))
        } else {
            Err("expected 1 to 256 letters, digits and characters of -._~+/=")
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

/// Middleware that requires a loopback `Host` header while [`Access::Loopback`] is in use.
pub async fn require_loopback_host(State(access): State<Access>, request: Request, next: Next) -> Response {
    match access {
        Access::Loopback if !has_loopback_host(request.headers()) => Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "This listener answers to localhost, 127.0.0.1 and [::1] only; the Host header names another.",
        )
        .into_response(),
        _ => next.run(request).await,
    }
}

/// Middleware that requires the token if one is set.
pub async fn require_token(State(access): State<Access>, request: Request, next: Next) -> Response {
    match access {
        Access::Token(token) if !bearer(request.headers()).is_some_and(|presented| token.matches(presented)) => (
            [(header::WWW_AUTHENTICATE, r#"Bearer realm="observer""#)],
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "Expected the header 'Authorization: Bearer TOKEN', with the token that this service was started with.",
            ),
        )
            .into_response(),
        _ => next.run(request).await,
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn has_loopback_host(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| is_loopback(authority.host()))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
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
    fn a_token_matches_only_itself_and_is_not_shown() {
        let token: Token = "c0rrect.Horse~".parse().expect("valid");
        assert!(token.matches("c0rrect.Horse~"));
        for wrong in ["", "c0rrect.Horse", "c0rrect.Horse~~", "C0rrect.Horse~"] {
            assert!(!token.matches(wrong), "{wrong}");
        }
        assert_eq!(format!("{token:?}"), "Token(..)");
    }

    #[test]
    fn text_that_no_header_can_carry_is_refused() {
        for text in ["", "two words", "line\nbreak", "naïve", &"a".repeat(257)] {
            assert!(text.parse::<Token>().is_err(), "{text:?}");
        }
    }
}
