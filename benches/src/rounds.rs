//! Candidates that take turns.

use std::io::{IsTerminal, Write, stderr};

/// Lets each candidate measure itself once a round, and returns the numbers of each.
///
/// The first round warms up and is not counted. Every other round goes backwards, so that no candidate always runs after
/// the same other one.
pub fn in_turns<C>(rounds: usize, candidates: &mut [C], mut measure: impl FnMut(&mut C) -> f64) -> Vec<Vec<f64>> {
    let mut numbers = vec![Vec::with_capacity(rounds); candidates.len()];
    for round in 0..=rounds {
        progress(round, rounds);
        let mut order: Vec<_> = (0..candidates.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for at in order {
            let number = measure(&mut candidates[at]);
            if round > 0 {
                numbers[at].push(number);
            }
        }
    }
    numbers
}

/// The numbers of one candidate for each of another's, round by round.
pub fn ratios(of: &[f64], to: &[f64]) -> Vec<f64> {
    of.iter().zip(to).map(|(of, to)| of / to).collect()
}

/// What one candidate takes more than another, round by round.
pub fn differences(of: &[f64], to: &[f64]) -> Vec<f64> {
    of.iter().zip(to).map(|(of, to)| of - to).collect()
}

/// On a terminal only: a log needs no line for each round.
fn progress(round: usize, rounds: usize) {
    if stderr().is_terminal() {
        let end = if round == rounds { "\n" } else { "" };
        eprint!("\r  round {round} of {rounds}{end}");
        // A progress that cannot be told is no reason to stop.
        let _ = stderr().flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_measures_all_and_the_first_is_not_counted() {
        let mut order = Vec::new();
        let numbers = in_turns(2, &mut ["a", "b"], |name| {
            order.push(*name);
            order.len() as f64
        });
        assert_eq!(order, ["a", "b", "b", "a", "a", "b"]);
        assert_eq!(numbers, [[4.0, 5.0], [3.0, 6.0]]);
        assert_eq!(ratios(&numbers[0], &numbers[1]), [4.0 / 3.0, 5.0 / 6.0]);
        assert_eq!(differences(&numbers[0], &numbers[1]), [1.0, -1.0]);
    }
}
