//! Draws each request's fate.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use prometheus::Registry;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{Endpoint, FaultPlan, metrics::FaultMetrics};

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// How long it is held back.
    pub delay: Duration,
    /// Whether it fails after that.
    pub fails: bool,
}

/// Draws fates from a plan.
///
/// The n-th request to an endpoint has a random generator of its own, seeded by the run's seed, the endpoint and n.
/// Its fate so depends neither on the other endpoints' requests nor on which thread was faster, and no lock is needed.
#[derive(Debug)]
pub struct FaultInjector {
    plan: FaultPlan,
    seed: u64,
    requests: [AtomicU64; Endpoint::ALL.len()],
    metrics: FaultMetrics,
}

impl FaultInjector {
    /// An injector that follows `plan`, with its metrics in `registry`.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds the metrics of another injector.
    pub fn new(plan: FaultPlan, seed: u64, registry: &Registry) -> prometheus::Result<Self> {
        Ok(Self {
            plan,
            seed,
            requests: Default::default(),
            metrics: FaultMetrics::register(&plan, registry)?,
        })
    }

    /// The fate of the next request to this endpoint. It is counted as injected.
    pub fn draw(&self, endpoint: Endpoint) -> Fate {
        let request = self.requests[endpoint as usize].fetch_add(1, Ordering::Relaxed);
        let fate = self.fate(endpoint, request);
        self.metrics.record(endpoint, fate);
        fate
    }

    fn fate(&self, endpoint: Endpoint, request: u64) -> Fate {
        let mut seed = <StdRng as SeedableRng>::Seed::default();
        seed[..8].copy_from_slice(&self.seed.to_le_bytes());
        seed[8..16].copy_from_slice(&request.to_le_bytes());
        seed[16] = endpoint as u8;
        let mut rng = StdRng::from_seed(seed);

        let faults = self.plan.of(endpoint);
        Fate {
            fails: rng.random_bool(faults.error_ratio.get()),
            delay: faults.delay.sample(&mut rng),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::EndpointFaults;

    fn injector(seed: u64) -> FaultInjector {
        let faults = EndpointFaults {
            error_ratio: "0.1".parse().expect("valid"),
            delay: "uniform:5ms:150ms".parse().expect("valid"),
        };
        let plan = FaultPlan {
            ping: faults,
            echo: faults,
            counter: faults,
        };
        FaultInjector::new(plan, seed, &Registry::new()).expect("an empty registry")
    }

    fn fates(injector: &FaultInjector, endpoint: Endpoint) -> Vec<Fate> {
        (0..1_000).map(|_| injector.draw(endpoint)).collect()
    }

    #[test]
    fn the_same_seed_repeats_a_run_whatever_the_other_endpoints_do() {
        let (first, second) = (injector(7), injector(7));
        fates(&second, Endpoint::Echo);
        assert_eq!(fates(&first, Endpoint::Ping), fates(&second, Endpoint::Ping));
    }

    #[test]
    fn other_seeds_and_other_endpoints_meet_other_fates() {
        let ping = fates(&injector(7), Endpoint::Ping);
        assert_ne!(ping, fates(&injector(8), Endpoint::Ping));
        assert_ne!(ping, fates(&injector(7), Endpoint::Echo));
    }

    #[test]
    fn the_planned_share_of_requests_fails() {
        let injector = injector(7);
        let failed = (0..10_000).filter(|_| injector.draw(Endpoint::Ping).fails).count();
        // The 99.9 % binomial interval around 1,000.
        assert!((902..=1_098).contains(&failed), "{failed} of 10,000 failed");
    }
}
