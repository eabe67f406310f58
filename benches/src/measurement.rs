//! What the programs tell the report.

use serde::{Deserialize, Serialize};

/// One figure, as often as it was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measurement {
    /// What was measured, in words that make sense in a table.
    pub name: String,
    /// Of all numbers: `ns`, `MB`, `instructions`; `times` for a ratio.
    pub unit: String,
    /// What is aimed at. Nothing where the figure is only there to compare with.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Bound>,
    /// One number from each round.
    pub rounds: Vec<f64>,
}

/// A target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    /// Whether the target is met by this number.
    #[must_use]
    pub fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }
}

impl Measurement {
    /// A figure at which nothing is aimed.
    #[must_use]
    pub fn new(name: &str, unit: &str, rounds: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            unit: unit.to_owned(),
            bound: None,
            rounds,
        }
    }

    /// What is aimed at.
    #[must_use]
    pub fn aim(self, bound: Bound) -> Self {
        Self {
            bound: Some(bound),
            ..self
        }
    }

    /// Writes it for the report.
    ///
    /// # Panics
    ///
    /// Panics if a number is not finite.
    pub fn tell(&self) {
        assert!(self.rounds.iter().all(|number| number.is_finite()), "{self:?}");
        println!(
            "{}",
            serde_json::to_string(self).expect("it has no map with other keys than strings")
        );
    }

    /// The number in the middle, and the lowest and the highest.
    ///
    /// # Panics
    ///
    /// Panics if there was no round.
    #[must_use]
    pub fn spread(&self) -> (f64, f64, f64) {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        let [first, .., last] = &sorted[..] else {
            return (sorted[0], sorted[0], sorted[0]);
        };
        let upper = sorted[sorted.len() / 2];
        let middle = if sorted.len().is_multiple_of(2) {
            sorted[sorted.len() / 2 - 1].midpoint(upper)
        } else {
            upper
        };
        (middle, *first, *last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rounds: &[f64]) -> Measurement {
        Measurement::new("a name", "ns", rounds.to_vec()).aim(Bound::AtMost(2.0))
    }

    #[test]
    fn the_middle_is_that_of_the_sorted_numbers() {
        assert_eq!(of(&[3.0, 1.0, 2.0]).spread(), (2.0, 1.0, 3.0));
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]).spread(), (2.5, 1.0, 4.0));
        assert_eq!(of(&[7.0]).spread(), (7.0, 7.0, 7.0));
    }

    #[test]
    fn a_line_holds_the_bound_by_its_name() {
        let line = serde_json::to_string(&of(&[1.5])).expect("valid");
        assert_eq!(line, r#"{"name":"a name","unit":"ns","at_most":2.0,"rounds":[1.5]}"#);
        let read: Measurement = serde_json::from_str(&line).expect("the same form");
        assert_eq!(read.bound, Some(Bound::AtMost(2.0)));
        let without: Measurement = serde_json::from_str(r#"{"name":"x","unit":"","rounds":[1]}"#).expect("no bound");
        assert_eq!(without.bound, None);
    }

    #[test]
    fn a_bound_is_met_by_itself() {
        assert!(Bound::AtMost(2.0).is_met_by(2.0) && !Bound::AtMost(2.0).is_met_by(2.1));
        assert!(Bound::AtLeast(2.0).is_met_by(2.0) && !Bound::AtLeast(2.0).is_met_by(1.9));
    }
}
