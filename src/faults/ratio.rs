//! A share of requests.

use std::{fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, Unexpected, Visitor},
};

/// The values that a ratio may have, as an error names them.
const EXPECTED: &str = "a number from 0 to 1";

/// A share of requests, from 0 (none) to 1 (all).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize)]
pub struct Ratio(f64);

impl Ratio {
    /// No requests.
    pub const ZERO: Self = Self(0.0);

    /// Creates a ratio, or returns `None` if the number is not between 0 and 1.
    pub fn new(ratio: f64) -> Option<Self> {
        (0.0..=1.0).contains(&ratio).then_some(Self(ratio))
    }

    /// Returns the ratio as a number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl FromStr for Ratio {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .ok()
            .and_then(Self::new)
            .ok_or_else(|| format!("expected {EXPECTED}"))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RatioVisitor;

        impl Visitor<'_> for RatioVisitor {
            type Value = Ratio;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(EXPECTED)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Ratio, E> {
                Ratio::new(number as f64).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &EXPECTED))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Ratio, E> {
                Err(E::invalid_value(Unexpected::Signed(number), &EXPECTED))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Ratio, E> {
                Ratio::new(number).ok_or_else(|| E::invalid_value(Unexpected::Float(number), &EXPECTED))
            }
        }

        deserializer.deserialize_f64(RatioVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_lies_between_0_and_1() {
        for text in ["0", "0.005", "1"] {
            assert_eq!(text.parse::<Ratio>().expect(text).to_string(), text);
        }
        for text in ["-0.1", "1.1", "NaN", "half", ""] {
            assert_eq!(
                text.parse::<Ratio>(),
                Err("expected a number from 0 to 1".to_owned()),
                "{text}"
            );
        }
    }
}
