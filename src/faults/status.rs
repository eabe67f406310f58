//! Statuses of injected errors.

use std::fmt;

use http::StatusCode;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Unexpected, Visitor},
};

/// A status of an injected error.
///
/// One of a fixed set, so that a client of the control API cannot create metric series at will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorStatus(StatusCode);

impl ErrorStatus {
    /// 500, a failure of the service.
    pub const INTERNAL_SERVER_ERROR: Self = Self(StatusCode::INTERNAL_SERVER_ERROR);

    /// 503, a temporary failure of something that the service needs.
    pub const SERVICE_UNAVAILABLE: Self = Self(StatusCode::SERVICE_UNAVAILABLE);

    /// All statuses.
    pub const ALL: [Self; 9] = [
        Self(StatusCode::BAD_REQUEST),
        Self(StatusCode::FORBIDDEN),
        Self(StatusCode::NOT_FOUND),
        Self(StatusCode::CONFLICT),
        Self(StatusCode::TOO_MANY_REQUESTS),
        Self::INTERNAL_SERVER_ERROR,
        Self(StatusCode::BAD_GATEWAY),
        Self::SERVICE_UNAVAILABLE,
        Self(StatusCode::GATEWAY_TIMEOUT),
    ];

    /// The valid statuses, as an error names them.
    pub const EXPECTED: &str = "one of 400, 403, 404, 409, 429, 500, 502, 503, 504";

    /// Returns the status with this number, or `None` if it is not one of the set.
    pub fn new(number: u64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|status| u64::from(status.0.as_u16()) == number)
    }

    /// Returns the HTTP status.
    #[must_use]
    pub const fn get(self) -> StatusCode {
        self.0
    }
}

impl Serialize for ErrorStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0.as_u16())
    }
}

impl<'de> Deserialize<'de> for ErrorStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StatusVisitor;

        impl Visitor<'_> for StatusVisitor {
            type Value = ErrorStatus;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(ErrorStatus::EXPECTED)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<ErrorStatus, E> {
                ErrorStatus::new(number).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
            }
        }

        deserializer.deserialize_u64(StatusVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_names_all_statuses() {
        let numbers = ErrorStatus::ALL.map(|status| status.get().as_str().to_owned());
        assert_eq!(ErrorStatus::EXPECTED, format!("one of {}", numbers.join(", ")));
    }

    #[test]
    fn other_numbers_are_refused() {
        assert_eq!(ErrorStatus::new(503), Some(ErrorStatus::SERVICE_UNAVAILABLE));
        for number in [0, 200, 418, 599, 66_036] {
            assert_eq!(ErrorStatus::new(number), None, "{number}");
        }
    }
}
