//! Bearer tokens (RFC 6750).

use std::{fmt, str::FromStr};

use subtle::ConstantTimeEq;

/// A bearer token.
#[derive(Clone)]
pub struct Token(Box<str>);

impl Token {
    /// Compares in constant time, so that timing reveals nothing about the token.
    pub(crate) fn matches(&self, token: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
