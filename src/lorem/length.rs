//! Lengths of texts.

use std::{fmt, ops::RangeInclusive};

/// The largest length, in letters, words or sentences.
pub const MAX_LENGTH: usize = 10_000;

/// A range of lengths, both bounds included. The bounds are from 1 to [`MAX_LENGTH`], the lower not above the upper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    min: usize,
    max: usize,
}

/// An invalid bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {found:?}; expected {expected}")]
pub struct InvalidLength {
    /// The name of the bound: `min` or `max`.
    pub field: &'static str,
    /// The value found, truncated to 20 characters.
    pub found: String,
    /// The value expected.
    pub expected: String,
}

impl Length {
    /// Parses the two bounds.
    ///
    /// # Errors
    ///
    /// Fails if a bound is not a whole number from 1 to [`MAX_LENGTH`], or if the lower is above the upper.
    pub fn parse(min: &str, max: &str) -> Result<Self, InvalidLength> {
        let length = Self {
            min: bound("min", min)?,
            max: bound("max", max)?,
        };
        if length.min > length.max {
            return Err(InvalidLength::new("min", min, format!("at most max, which is {max}")));
        }
        Ok(length)
    }

    /// Returns the lengths as a range.
    #[must_use]
    pub const fn range(self) -> RangeInclusive<usize> {
        self.min..=self.max
    }
}

fn bound(field: &'static str, text: &str) -> Result<usize, InvalidLength> {
    // `parse` alone would accept "+5".
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|number| (1..=MAX_LENGTH).contains(number));
    number
        .filter(|_| digits)
        .ok_or_else(|| InvalidLength::new(field, text, format!("a whole number from 1 to {MAX_LENGTH}")))
}

impl InvalidLength {
    /// Truncates `found`: it comes from a client and may be long.
    fn new(field: &'static str, found: &str, expected: String) -> Self {
        Self {
            field,
            found: found.chars().take(20).collect(),
            expected,
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}..={}", self.min, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_whole_numbers_from_1_to_the_longest() {
        assert_eq!(Length::parse("1", "10000").map(Length::range), Ok(1..=10_000));
        assert_eq!(Length::parse("7", "7").map(Length::range), Ok(7..=7));
        for wrong in [
            "0",
            "10001",
            "-1",
            "+5",
            "1.5",
            "five",
            "",
            " 5",
            "99999999999999999999",
        ] {
            for (min, max, field) in [(wrong, "5", "min"), ("5", wrong, "max")] {
                let error = Length::parse(min, max).expect_err(wrong);
                assert_eq!((error.field, error.found.as_str()), (field, wrong));
                assert_eq!(error.expected, "a whole number from 1 to 10000");
            }
        }
    }

    #[test]
    fn the_lower_bound_is_not_above_the_upper() {
        let error = Length::parse("9", "5").expect_err("9 is above 5");
        assert_eq!(error.to_string(), r#"min is "9"; expected at most max, which is 5"#);
    }

    #[test]
    fn a_long_bound_is_not_repeated_whole() {
        let error = Length::parse(&"x".repeat(1_000), "5").expect_err("no number");
        assert_eq!(error.found, "x".repeat(20));
    }
}
