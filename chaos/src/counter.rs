//! The counter as a client sees it: which numbers it returned, and when.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::Serialize;

use crate::fault::Instance;

/// Time limit for refusing a call while the database is down.
pub const REFUSAL_LIMIT: Duration = Duration::from_secs(2);

/// A call to `/counter`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub instance: Instance,
    /// When the call was sent and when it ended, since the start of the load.
    pub sent: Duration,
    pub ended: Duration,
    pub answer: Answer,
}

/// The answer to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Number(i64),
    Refused(u16),
    /// No connection, or no answer in time.
    Nothing,
}

/// Summary of all calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CounterSummary {
    pub numbers: usize,
    pub refused: usize,
    pub unanswered: usize,
    /// Refusals that took longer than [`REFUSAL_LIMIT`], and the slowest one.
    pub refused_late: usize,
    pub slowest_refusal_seconds: f64,
    /// Numbers that were returned more than once.
    pub duplicates: Vec<i64>,
    /// Numbers no higher than one returned before their call was sent: the counter went back.
    pub lost: Vec<i64>,
    /// Instances that returned no number.
    pub silent: Vec<Instance>,
}

impl CounterSummary {
    pub fn of(calls: &[Call]) -> Self {
        let mut summary = Self::default();
        let mut seen = BTreeSet::new();
        // By the end of each call: the highest number returned so far.
        let mut highest = BTreeMap::new();
        let mut by_end: Vec<_> = calls.iter().collect();
        by_end.sort_by_key(|call| call.ended);
        let mut top = i64::MIN;
        for call in by_end {
            match call.answer {
                Answer::Number(number) => {
                    summary.numbers += 1;
                    if !seen.insert(number) {
                        summary.duplicates.push(number);
                    }
                    if highest
                        .range(..call.sent)
                        .next_back()
                        .is_some_and(|(_, highest)| number <= *highest)
                    {
                        summary.lost.push(number);
                    }
                    top = top.max(number);
                    highest.insert(call.ended, top);
                }
                Answer::Refused(_) => {
                    summary.refused += 1;
                    let took = call.ended.saturating_sub(call.sent);
                    summary.refused_late += usize::from(took > REFUSAL_LIMIT);
                    summary.slowest_refusal_seconds = summary.slowest_refusal_seconds.max(took.as_secs_f64());
                }
                Answer::Nothing => summary.unanswered += 1,
            }
        }
        let has_answered = |instance: Instance| {
            let numbers = calls.iter().filter(|call| matches!(call.answer, Answer::Number(_)));
            numbers.filter(|call| call.instance == instance).count() > 0
        };
        summary.silent = Instance::BOTH
            .into_iter()
            .filter(|instance| !has_answered(*instance))
            .collect();
        summary
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A call that was sent and answered at these times, in seconds.
    pub fn call(instance: Instance, sent: u64, ended: u64, answer: Answer) -> Call {
        Call {
            instance,
            sent: Duration::from_secs(sent),
            ended: Duration::from_secs(ended),
            answer,
        }
    }

    #[test]
    fn gaps_and_overlapping_calls_are_no_loss() {
        let summary = CounterSummary::of(&[
            call(Instance::App, 0, 5, Answer::Number(11)),
            // Sent before 11 was returned: it may be lower.
            call(Instance::Beta, 1, 6, Answer::Number(10)),
            call(Instance::App, 7, 8, Answer::Refused(503)),
            call(Instance::Beta, 7, 9, Answer::Nothing),
            call(Instance::App, 9, 10, Answer::Number(20)),
        ]);
        assert_eq!(
            summary,
            CounterSummary {
                numbers: 3,
                refused: 1,
                unanswered: 1,
                slowest_refusal_seconds: 1.0,
                ..CounterSummary::default()
            }
        );
    }

    #[test]
    fn a_number_from_both_instances_is_a_duplicate() {
        let summary = CounterSummary::of(&[
            call(Instance::App, 0, 2, Answer::Number(10)),
            call(Instance::Beta, 0, 2, Answer::Number(10)),
        ]);
        assert_eq!(summary.duplicates, [10]);
    }

    #[test]
    fn a_number_below_an_earlier_one_is_a_lost_count() {
        let summary = CounterSummary::of(&[
            call(Instance::App, 0, 1, Answer::Number(10)),
            call(Instance::App, 2, 3, Answer::Number(12)),
            call(Instance::Beta, 4, 5, Answer::Number(11)),
        ]);
        assert_eq!(summary.lost, [11]);
        assert!(summary.duplicates.is_empty());
    }

    #[test]
    fn an_instance_that_returns_no_number_is_silent() {
        let summary = CounterSummary::of(&[call(Instance::App, 0, 1, Answer::Number(10))]);
        assert_eq!(summary.silent, [Instance::Beta]);
    }
}
