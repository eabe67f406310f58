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
    pub fn is_met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }
}

impl Measurement {
    /// A figure at which nothing is aimed.
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

    /// The median, and the quartiles below and above it: half of all rounds lie between these.
    ///
    /// # Panics
    ///
    /// Panics if there was no round.
    pub fn spread(&self) -> Spread {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len() - 1;
        // Between two rounds, in proportion: Hyndman and Fan's definition 7, as most programs have it.
        let at = |quarters: usize| {
            let (place, rest) = (last * quarters / 4, last * quarters % 4);
            let above = sorted[(place + 1).min(last)];
            sorted[place] + (above - sorted[place]) * rest as f64 / 4.0
        };
        Spread {
            median: at(2),
            lower: at(1),
            upper: at(3),
        }
    }
}

/// What the rounds of a measurement come to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    pub median: f64,
    /// A quarter of the rounds are below.
    pub lower: f64,
    /// A quarter of the rounds are above.
    pub upper: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rounds: &[f64]) -> Measurement {
        Measurement::new("a name", "ns", rounds.to_vec()).aim(Bound::AtMost(2.0))
    }

    #[test]
    fn median_and_quartiles_are_those_of_the_sorted_numbers() {
        let spread = |lower, median, upper| Spread { median, lower, upper };
        assert_eq!(of(&[3.0, 1.0, 5.0, 2.0, 4.0]).spread(), spread(2.0, 3.0, 4.0));
        assert_eq!(of(&[4.0, 1.0, 2.0, 3.0]).spread(), spread(1.75, 2.5, 3.25));
        assert_eq!(of(&[7.0]).spread(), spread(7.0, 7.0, 7.0));
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
