//! Candidates that take turns.

use std::io::{IsTerminal, Write, stderr};

/// Measures each candidate once a round, and returns what was measured of each.
///
/// The first round warms up and is not counted. Every other round goes backwards, so that no candidate always runs after
/// the same other one.
pub fn in_turns<C, T>(
    rounds: usize,
    candidates: &mut [C],
    mut measure: impl FnMut(&mut C) -> anyhow::Result<T>,
) -> anyhow::Result<Vec<Vec<T>>> {
    let mut figures: Vec<Vec<T>> = candidates.iter().map(|_| Vec::with_capacity(rounds)).collect();
    for round in 0..=rounds {
        progress(round, rounds);
        let mut order: Vec<_> = (0..candidates.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for at in order {
            let figure = measure(&mut candidates[at])?;
            if round > 0 {
                figures[at].push(figure);
            }
        }
    }
    Ok(figures)
}

/// The figures of one candidate divided by those of another, round by round.
pub fn ratios(of: &[f64], to: &[f64]) -> Vec<f64> {
    of.iter().zip(to).map(|(of, to)| of / to).collect()
}

/// The figures of one candidate less those of another, round by round.
pub fn differences(of: &[f64], to: &[f64]) -> Vec<f64> {
    of.iter().zip(to).map(|(of, to)| of - to).collect()
}

/// Shows the round on a terminal. A log needs no line for each.
fn progress(round: usize, rounds: usize) {
    if stderr().is_terminal() {
        let end = if round == rounds { "\n" } else { "" };
        eprint!("\r  round {round} of {rounds}{end}");
        // Progress that cannot be shown is no reason to stop.
        let _ = stderr().flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_measures_all_and_the_first_is_not_counted() {
        let mut order = Vec::new();
        let figures = in_turns(2, &mut ["a", "b"], |name| {
            order.push(*name);
            Ok(order.len() as f64)
        })
        .expect("no failure");
        assert_eq!(order, ["a", "b", "b", "a", "a", "b"]);
        assert_eq!(figures, [[4.0, 5.0], [3.0, 6.0]]);
        assert_eq!(ratios(&figures[0], &figures[1]), [4.0 / 3.0, 5.0 / 6.0]);
        assert_eq!(differences(&figures[0], &figures[1]), [1.0, -1.0]);
    }

    #[test]
    fn failure_ends_the_rounds() {
        let mut calls = 0;
        let result: anyhow::Result<Vec<Vec<f64>>> = in_turns(2, &mut ["a", "b"], |_| {
            calls += 1;
            anyhow::bail!("failed")
        });
        assert!(result.is_err());
        assert_eq!(calls, 1);
    }
}
