//! Figures and their targets.

use std::fmt;

use serde::Serialize;

/// A figure, once for each round.
#[derive(Clone, Debug, Serialize)]
pub struct Measurement {
    /// What was measured, in words that make sense in a table.
    pub name: String,
    /// The unit: `ns`, `MB`, `instructions`; `times` for a ratio.
    pub unit: &'static str,
    /// The target. Nothing where the figure is only there to compare with.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Whether docs/performance.md has it.
    #[serde(skip)]
    pub headline: bool,
    /// One number from each round.
    pub rounds: Vec<f64>,
}

/// A bound that the median of a figure should keep.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    /// Returns whether a value meets the target.
    pub fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(bound) => write!(f, "at most {bound}"),
            Self::AtLeast(bound) => write!(f, "at least {bound}"),
        }
    }
}

impl Measurement {
    /// A figure without a target.
    ///
    /// # Panics
    ///
    /// Panics if there is no round, or a number is not finite.
    pub fn new(name: impl Into<String>, unit: &'static str, rounds: Vec<f64>) -> Self {
        let name = name.into();
        assert!(
            !rounds.is_empty() && rounds.iter().all(|number| number.is_finite()),
            "{name}: {rounds:?}"
        );
        Self {
            name,
            unit,
            target: None,
            headline: false,
            rounds,
        }
    }

    /// Sets a target, which also makes it a headline.
    #[must_use]
    pub fn target(self, target: Target) -> Self {
        Self {
            target: Some(target),
            headline: true,
            ..self
        }
    }

    /// Adds the figure to the table of docs/performance.md.
    #[must_use]
    pub fn headline(self) -> Self {
        Self { headline: true, ..self }
    }

    /// Returns the median and the quartiles.
    pub fn spread(&self) -> Spread {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len() - 1;
        // Interpolated between two rounds: Hyndman and Fan's definition 7, the default of R and NumPy.
        let quantile = |quarters: usize| {
            let (index, rest) = (last * quarters / 4, last * quarters % 4);
            let above = sorted[(index + 1).min(last)];
            sorted[index] + (above - sorted[index]) * rest as f64 / 4.0
        };
        Spread {
            median: quantile(2),
            lower: quantile(1),
            upper: quantile(3),
        }
    }
}

/// The median and the quartiles of the rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub median: f64,
    /// The lower quartile: a quarter of the rounds are below it.
    pub lower: f64,
    /// The upper quartile: a quarter of the rounds are above it.
    pub upper: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_the_sorted_rounds() {
        let of = |rounds: &[f64]| Measurement::new("a name", "ns", rounds.to_vec()).spread();
        let spread = |lower, median, upper| Spread { median, lower, upper };
        assert_eq!(of(&[3.0, 1.0, 5.0, 2.0, 4.0]), spread(2.0, 3.0, 4.0));
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]), spread(1.75, 2.5, 3.25));
        assert_eq!(of(&[7.0]), spread(7.0, 7.0, 7.0));
    }

    #[test]
    fn target_is_met_by_its_bound() {
        assert!(Target::AtMost(2.0).is_met_by(2.0) && !Target::AtMost(2.0).is_met_by(2.1));
        assert!(Target::AtLeast(2.0).is_met_by(2.0) && !Target::AtLeast(2.0).is_met_by(1.9));
    }

    #[test]
    #[should_panic(expected = "rate: [NaN]")]
    fn what_is_no_number_is_refused() {
        let _ = Measurement::new("rate", "1/s", vec![f64::NAN]);
    }
}
