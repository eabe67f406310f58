//! The tallies of a route and method, by how the requests ended.

use std::sync::OnceLock;

use super::{labels::Outcome, tally::Tally};

/// Tallies are found by two steps: there are a thousand outcomes, of which a route has a handful.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    pages: [OnceLock<Box<Page>>; Outcome::COUNT.div_ceil(PAGE)],
}

/// A power of two, so that a shift tells the page.
const PAGE: usize = 64;

type Page = [OnceLock<Box<Tally>>; PAGE];

impl Outcomes {
    /// The tally of an outcome, if it has occurred or was expected.
    #[inline]
    pub(super) fn existing(&self, outcome: Outcome) -> Option<&Tally> {
        let index = outcome.index();
        let page = self.pages[index / PAGE].get()?;
        page[index % PAGE].get().map(|tally| &**tally)
    }

    /// The tally of an outcome, created when it first occurs.
    pub(super) fn tally(&self, outcome: Outcome) -> &Tally {
        let index = outcome.index();
        let page = self.pages[index / PAGE].get_or_init(|| Box::new([const { OnceLock::new() }; PAGE]));
        page[index % PAGE].get_or_init(|| Box::new(Tally::new()))
    }

    /// Those that have been created.
    pub(super) fn tallies(&self) -> impl Iterator<Item = (Outcome, &Tally)> {
        let pages = self.pages.iter().enumerate();
        pages.flat_map(|(page, tallies)| {
            let tallies = tallies.get().into_iter().flat_map(|tallies| tallies.iter());
            tallies.enumerate().filter_map(move |(rest, tally)| {
                let outcome = Outcome::at(page * PAGE + rest);
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
            Outcome::Aborted,
            Outcome::Status(StatusCode::CONTINUE),
            Outcome::Status(StatusCode::OK),
            Outcome::Status(StatusCode::NOT_FOUND),
            Outcome::Status(StatusCode::from_u16(999).expect("the highest code")),
        ];
        for outcome in occurred {
            outcomes.tally(outcome).record(0, 0);
        }
        let found: Vec<_> = outcomes
            .tallies()
            .map(|(outcome, tally)| (outcome, tally.totals().requests()))
            .collect();
        assert_eq!(found, occurred.map(|outcome| (outcome, 1)));
    }
}
