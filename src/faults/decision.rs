//! What happens to one request.

use std::time::Duration;

use rand::{Rng, RngExt};

use super::{plan::EndpointFaults, status::ErrorStatus};

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultDecision {
    /// How long it is held back.
    pub delay: Duration,
    /// What comes after that.
    pub outcome: Outcome,
}

/// What comes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is served.
    Served,
    /// It is answered with an error.
    Error(ErrorStatus),
    /// It is never answered.
    Hang,
    /// Its connection is closed without an answer.
    Drop,
}

impl FaultDecision {
    /// Always draws the same things in the same order: a ratio that is changed leaves the other draws as they were.
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
