//! The faults of one request.

use std::time::Duration;

use rand::{Rng, RngExt};

use super::{plan::EndpointFaults, status::ErrorStatus};

/// The faults to inject into one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultDecision {
    /// How long to hold the request back.
    pub delay: Duration,
    /// What happens after the delay.
    pub outcome: Outcome,
}

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handler serves it.
    Served,
    /// It is answered with an error.
    Error(ErrorStatus),
    /// It is never answered.
    Hang,
    /// Its connection is closed without an answer.
    Drop,
}

impl FaultDecision {
    /// Draws a decision. The order of the draws is fixed: changing one ratio leaves the other draws as they were.
    pub fn draw(faults: &EndpointFaults, rng: &mut impl Rng) -> Self {
        let fails = rng.random_bool(faults.error_ratio.get());
        let hangs = rng.random_bool(faults.hang_ratio.get());
        let drops = rng.random_bool(faults.drop_ratio.get());
        let outcome = match (drops, hangs, fails) {
            (true, _, _) => Outcome::Drop,
            (false, true, _) => Outcome::Hang,
            (false, false, true) => Outcome::Error(faults.error_status),
            (false, false, false) => Outcome::Served,
        };
        Self {
            delay: faults.delay.sample(rng),
            outcome,
        }
    }
}
