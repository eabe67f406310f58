//! The fixed vocabularies of the label values.

use http::{Method, StatusCode};

/// The label value of `path` for a request that no route matched.
pub(super) const UNMATCHED: &str = "unmatched";

/// The label value of `status_code` for a request whose client left before the end of the response, or got none.
pub(super) const ABORTED: &str = "aborted";

/// A request's method as a label: the verbs of RFC 9110 and RFC 5789, all others as one.
///
/// In the order in which the http crate has them: the compiler then needs no table to make one of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Options,
    Get,
    Post,
    Put,
    Delete,
    Head,
    Trace,
    Connect,
    Patch,
    Other,
}

impl Verb {
    /// All verbs, in the order of their indices.
    pub(super) const ALL: [Self; 10] = [
        Self::Options,
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Delete,
        Self::Head,
        Self::Trace,
        Self::Connect,
        Self::Patch,
        Self::Other,
    ];

    /// The verb's place in [`Verb::ALL`].
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// The label value.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
            Self::Patch => "PATCH",
            Self::Other => "other",
        }
    }
}

impl From<&Method> for Verb {
    fn from(method: &Method) -> Self {
        match *method {
            Method::GET => Self::Get,
            Method::HEAD => Self::Head,
            Method::POST => Self::Post,
            Method::PUT => Self::Put,
            Method::DELETE => Self::Delete,
            Method::CONNECT => Self::Connect,
            Method::OPTIONS => Self::Options,
            Method::TRACE => Self::Trace,
            Method::PATCH => Self::Patch,
            _ => Self::Other,
        }
    }
}

/// How a request ended, as a label: the status of a response that was sent to its end, or that it was not.
///
/// A number, so that two of them are compared in one step, which an enum of a status takes ten for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome(u16);

impl Outcome {
    /// The client left before the response ended, or the service hung up.
    pub(super) const ABORTED: Self = Self(0);

    /// The response ended; this is its status.
    #[inline]
    pub(super) fn ended(status: StatusCode) -> Self {
        Self(status.as_u16())
    }

    /// The status that was sent to the end.
    pub(super) fn status(self) -> Option<StatusCode> {
        StatusCode::from_u16(self.0).ok()
    }

    /// The label value.
    pub(super) fn label(self) -> String {
        match self {
            Self::ABORTED => ABORTED.to_owned(),
            Self(code) => code.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_stands_at_its_own_index() {
        for (position, verb) in Verb::ALL.into_iter().enumerate() {
            assert_eq!(verb.index(), position);
        }
    }

    #[test]
    fn an_invented_method_becomes_other() {
        let invented = Method::from_bytes(b"BREW").expect("a valid token");
        assert_eq!(Verb::from(&invented).as_str(), "other");
        assert_eq!(Verb::from(&Method::PATCH).as_str(), "PATCH");
    }
}
