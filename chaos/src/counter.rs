//! What a client can know of the counter: which numbers it got, and when.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::Serialize;

use crate::fault::Instance;

/// The promise for a counter without its database: an answer, if not a number, within this.
pub const REFUSED_WITHIN: Duration = Duration::from_secs(2);

/// A call to `/counter`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub instance: Instance,
    /// When it was sent and when it was answered, or given up, on one clock.
    pub sent: Duration,
    pub ended: Duration,
    pub answer: Answer,
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Number(i64),
    Refused(u16),
    /// No answer: no connection, or none in time.
    Nothing,
}

/// What the calls show.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    pub numbers: usize,
    pub refused: usize,
    pub unanswered: usize,
    /// How many refusals took longer than they may, and how long the slowest took.
    pub refused_late: usize,
    pub slowest_refusal_seconds: f64,
    /// Numbers that came more than once.
    pub doubled: Vec<i64>,
    /// Numbers that are no higher than one that had come before they were asked for: an earlier count was lost.
    pub lost: Vec<i64>,
    /// Instances from which no number came at all.
    pub silent: Vec<Instance>,
}

impl Tally {
    pub fn of(calls: &[Call]) -> Self {
        let mut tally = Self::default();
        let mut seen = BTreeSet::new();
        // By the end of each call: the highest number that had come by then.
        let mut highest = BTreeMap::new();
        let mut by_end: Vec<_> = calls.iter().collect();
        by_end.sort_by_key(|call| call.ended);
        let mut top = i64::MIN;
        for call in by_end {
            match call.answer {
                Answer::Number(number) => {
                    tally.numbers += 1;
                    if !seen.insert(number) {
                        tally.doubled.push(number);
                    }
                    if highest
                        .range(..call.sent)
                        .next_back()
                        .is_some_and(|(_, highest)| number <= *highest)
                    {
                        tally.lost.push(number);
                    }
                    top = top.max(number);
                    highest.insert(call.ended, top);
                }
                Answer::Refused(_) => {
                    tally.refused += 1;
                    let took = call.ended.saturating_sub(call.sent);
                    tally.refused_late += usize::from(took > REFUSED_WITHIN);
                    tally.slowest_refusal_seconds = tally.slowest_refusal_seconds.max(took.as_secs_f64());
                }
                Answer::Nothing => tally.unanswered += 1,
            }
        }
        let has_answered = |instance: Instance| {
            let numbers = calls.iter().filter(|call| matches!(call.answer, Answer::Number(_)));
            numbers.filter(|call| call.instance == instance).count() > 0
        };
        tally.silent = Instance::BOTH
            .into_iter()
            .filter(|instance| !has_answered(*instance))
            .collect();
        tally
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A call that was sent and answered at these seconds.
    pub fn call(instance: Instance, sent: u64, ended: u64, answer: Answer) -> Call {
        Call {
            instance,
            sent: Duration::from_secs(sent),
            ended: Duration::from_secs(ended),
            answer,
        }
    }

    #[test]
    fn numbers_that_grow_are_well_with_gaps_and_with_calls_that_overlap() {
        let tally = Tally::of(&[
            call(Instance::App, 0, 5, Answer::Number(11)),
            // Sent before 11 had come: it may be lower.
            call(Instance::Beta, 1, 6, Answer::Number(10)),
            call(Instance::App, 7, 8, Answer::Refused(503)),
            call(Instance::Beta, 7, 9, Answer::Nothing),
            call(Instance::App, 9, 10, Answer::Number(20)),
        ]);
        assert_eq!(
            tally,
            Tally {
                numbers: 3,
                refused: 1,
                unanswered: 1,
                slowest_refusal_seconds: 1.0,
                ..Tally::default()
            }
        );
    }

    #[test]
    fn a_number_that_two_instances_gave_is_doubled() {
        let tally = Tally::of(&[
            call(Instance::App, 0, 2, Answer::Number(10)),
            call(Instance::Beta, 0, 2, Answer::Number(10)),
        ]);
        assert_eq!(tally.doubled, [10]);
    }

    #[test]
    fn a_number_below_one_that_had_come_before_shows_that_a_count_was_lost() {
        let tally = Tally::of(&[
            call(Instance::App, 0, 1, Answer::Number(10)),
            call(Instance::App, 2, 3, Answer::Number(12)),
            call(Instance::Beta, 4, 5, Answer::Number(11)),
        ]);
        assert_eq!(tally.lost, [11]);
        assert!(tally.doubled.is_empty());
    }

    #[test]
    fn an_instance_that_never_counts_is_silent() {
        let tally = Tally::of(&[call(Instance::App, 0, 1, Answer::Number(10))]);
        assert_eq!(tally.silent, [Instance::Beta]);
    }
}
