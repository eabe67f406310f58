//! The fixed vocabularies of the label values.

use std::borrow::Cow;

use http::{Method, StatusCode};

/// The label value of `path` for a request that no route matched.
pub(crate) const UNMATCHED: &str = "unmatched";

/// The label value of `status_code` for a request whose client left before the end of the response, or that got none.
const ABORTED: &str = "aborted";

/// A request's method as a label value: the methods of RFC 9110 and RFC 5789, and one value for all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MethodLabel {
    Connect,
    Delete,
    Get,
    Head,
    Options,
    Patch,
    Post,
    Put,
    Trace,
    Other,
}

impl MethodLabel {
    /// All of them, in the order of their indices.
    pub(crate) const ALL: [Self; 10] = [
        Self::Connect,
        Self::Delete,
        Self::Get,
        Self::Head,
        Self::Options,
        Self::Patch,
        Self::Post,
        Self::Put,
        Self::Trace,
        Self::Other,
    ];

    /// The place in [`MethodLabel::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Patch => "PATCH",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Trace => "TRACE",
            Self::Other => "other",
        }
    }
}

impl From<&Method> for MethodLabel {
    fn from(method: &Method) -> Self {
        match *method {
            Method::CONNECT => Self::Connect,
            Method::DELETE => Self::Delete,
            Method::GET => Self::Get,
            Method::HEAD => Self::Head,
            Method::OPTIONS => Self::Options,
            Method::PATCH => Self::Patch,
            Method::POST => Self::Post,
            Method::PUT => Self::Put,
            Method::TRACE => Self::Trace,
            _ => Self::Other,
        }
    }
}

/// How a request ended, as a label value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// The response was sent to its end with this status.
    Sent(StatusCode),
    /// The client left before the response ended, or the service sent none.
    Aborted,
}

impl Outcome {
    pub(crate) fn status(self) -> Option<StatusCode> {
        match self {
            Self::Sent(status) => Some(status),
            Self::Aborted => None,
        }
    }

    pub(crate) fn label(self) -> Cow<'static, str> {
        match self {
            Self::Sent(status) => status.as_str().to_owned().into(),
            Self::Aborted => ABORTED.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_found_at_its_own_index() {
        for (position, method) in MethodLabel::ALL.into_iter().enumerate() {
            assert_eq!(method.index(), position);
        }
    }

    #[test]
    fn an_invented_method_becomes_other() {
        let invented = Method::from_bytes(b"BREW").expect("a valid token");
        assert_eq!(MethodLabel::from(&invented).as_str(), "other");
        assert_eq!(MethodLabel::from(&Method::PATCH).as_str(), "PATCH");
    }
}
