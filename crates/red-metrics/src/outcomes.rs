//! The tallies of a route and method, by how the requests ended.

use std::{iter, sync::OnceLock};

use super::{labels::Outcome, tally::Tally};

/// Tallies in the order in which their outcomes were expected or first occurred. There are a thousand outcomes, of which a
/// route has a handful: the usual one is the first, and the others are a step or two further. One that is not among the few
/// takes some more nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    few: [OnceLock<(Outcome, Tally)>; FEW],
    rest: OnceLock<Box<Outcomes>>,
}

/// As many as fit into the cache line, with what else a request needs of its series.
const FEW: usize = 3;

impl Outcomes {
    /// The tally of an outcome, if it is among the few that occurred first or were expected.
    #[inline]
    pub(super) fn among_the_first(&self, outcome: Outcome) -> Option<&Tally> {
        let entries = self.few.iter().map_while(OnceLock::get);
        entries.filter(|(of, _)| *of == outcome).map(|(_, tally)| tally).next()
    }

    /// The tally of an outcome, created when it first occurs.
    pub(super) fn tally(&self, outcome: Outcome) -> &Tally {
        for entry in &self.few {
            // Another thread may have come first, with another outcome.
            let (of, tally) = entry.get_or_init(|| (outcome, Tally::new()));
            if *of == outcome {
                return tally;
            }
        }
        self.rest.get_or_init(Box::default).tally(outcome)
    }

    /// Those that have been created.
    pub(super) fn tallies(&self) -> impl Iterator<Item = (Outcome, &Tally)> {
        let parts = iter::successors(Some(self), |part| part.rest.get().map(|rest| &**rest));
        let entries = parts.flat_map(|part| part.few.iter().filter_map(OnceLock::get));
        entries.map(|(outcome, tally)| (*outcome, tally))
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn each_outcome_has_its_own_tally_and_only_those_that_occurred_exist() {
        let outcomes = Outcomes::default();
        let statuses = (100..1_000)
            .step_by(30)
            .filter_map(|code| StatusCode::from_u16(code).ok());
        let occurred: Vec<_> = iter::once(Outcome::ABORTED)
            .chain(statuses.map(Outcome::ended))
            .collect();
        assert!(occurred.len() > 3 * FEW);
        for _ in 0..2 {
            for outcome in &occurred {
                outcomes.tally(*outcome).record(0, 0);
            }
        }
        let found: Vec<_> = outcomes
            .tallies()
            .map(|(outcome, tally)| (outcome, tally.totals().requests()))
            .collect();
        let expected: Vec<_> = occurred.iter().map(|outcome| (*outcome, 2)).collect();
        assert_eq!(found, expected);
        let first = |outcome: &Outcome| outcomes.among_the_first(*outcome).is_some();
        assert!(occurred[..FEW].iter().all(first));
        assert!(!occurred[FEW..].iter().any(first));
    }
}
