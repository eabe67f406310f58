//! The tallies of a route and method, by how the requests ended.

use std::sync::OnceLock;

use super::{labels::Outcome, tally::Tally};

/// Tallies are found by two steps in tables of a hundred: there are 901 outcomes, of which a route has a handful.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    hundreds: [OnceLock<Box<Hundred>>; Outcome::COUNT.div_ceil(HUNDRED)],
}

const HUNDRED: usize = 100;

type Hundred = [OnceLock<Box<Tally>>; HUNDRED];

impl Outcomes {
    /// The tally of an outcome, created when it first occurs.
    pub(super) fn tally(&self, outcome: Outcome) -> &Tally {
        let index = outcome.index();
        let hundred = self.hundreds[index / HUNDRED].get_or_init(|| Box::new([const { OnceLock::new() }; HUNDRED]));
        hundred[index % HUNDRED].get_or_init(|| Box::new(Tally::new()))
    }

    /// Those that have been created.
    pub(super) fn tallies(&self) -> impl Iterator<Item = (Outcome, &Tally)> {
        let hundreds = self.hundreds.iter().enumerate();
        hundreds.flat_map(|(hundred, tallies)| {
            let tallies = tallies.get().into_iter().flat_map(|tallies| tallies.iter());
            tallies.enumerate().filter_map(move |(rest, tally)| {
                let outcome = Outcome::at(hundred * HUNDRED + rest);
                Some((outcome, &**tally.get()?))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn each_outcome_has_its_own_tally_and_only_those_that_occurred_exist() {
        let outcomes = Outcomes::default();
        let occurred = [
            Outcome::Status(StatusCode::CONTINUE),
            Outcome::Status(StatusCode::OK),
            Outcome::Status(StatusCode::NOT_FOUND),
            Outcome::Status(StatusCode::from_u16(999).expect("the highest code")),
            Outcome::Aborted,
        ];
        for outcome in occurred {
            outcomes.tally(outcome).record(std::time::Duration::ZERO, 0);
        }
        let found: Vec<_> = outcomes
            .tallies()
            .map(|(outcome, tally)| (outcome, tally.totals().requests()))
            .collect();
        assert_eq!(found, occurred.map(|outcome| (outcome, 1)));
    }
}
