//! Draws a fault decision for each request.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use prometheus::Registry;
use rand::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;

use super::{
    decision::FaultDecision,
    metrics::FaultMetrics,
    plan::{Endpoint, FaultPlan},
    switch::PlanSwitch,
};

/// Draws fault decisions from the active plan.
///
/// The n-th request to an endpoint has a random generator of its own, seeded with the run's seed, the endpoint and n.
/// The decision is thus independent of the other endpoints and of the thread schedule, and needs no lock.
#[derive(Debug)]
pub struct FaultInjector {
    switch: Arc<PlanSwitch>,
    streams: [Stream; Endpoint::ALL.len()],
    metrics: FaultMetrics,
}

/// The random stream of one endpoint.
#[derive(Debug)]
struct Stream {
    seed: u64,
    requests: AtomicU64,
}

impl FaultInjector {
    /// Creates an injector with the start-up plan `startup`, and registers its metrics.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds the metrics of another injector.
    pub fn new(startup: FaultPlan, seed: u64, registry: &Registry) -> prometheus::Result<Self> {
        let switch = Arc::new(PlanSwitch::new(startup));
        let mut seeds = SplitMix64::seed_from_u64(seed);
        Ok(Self {
            metrics: FaultMetrics::register(&switch, registry)?,
            switch,
            streams: Endpoint::ALL.map(|_| Stream {
                seed: seeds.next_u64(),
                requests: AtomicU64::new(0),
            }),
        })
    }

    /// Returns the switch that holds the active plan.
    #[must_use]
    pub const fn switch(&self) -> &Arc<PlanSwitch> {
        &self.switch
    }

    /// Draws the decision for the next request to this endpoint, and counts its faults as injected.
    pub fn draw(&self, endpoint: Endpoint) -> FaultDecision {
        let stream = &self.streams[endpoint as usize];
        let request = stream.requests.fetch_add(1, Ordering::Relaxed);
        // SplitMix64 is designed for consecutive seeds, and cheap to seed.
        let mut rng = SplitMix64::seed_from_u64(stream.seed.wrapping_add(request));
        let decision = FaultDecision::draw(self.switch.active().plan.of(endpoint), &mut rng);
        self.metrics.record(endpoint, decision);
        decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::{Delay, EndpointFaults, ErrorStatus, Outcome, Ratio};

    const QUIET: EndpointFaults = EndpointFaults {
        error_ratio: Ratio::ZERO,
        error_status: ErrorStatus::INTERNAL_SERVER_ERROR,
        delay: Delay::None,
        hang_ratio: Ratio::ZERO,
        drop_ratio: Ratio::ZERO,
    };

    fn injector_with(faults: EndpointFaults, seed: u64) -> FaultInjector {
        let plan = FaultPlan {
            ping: faults,
            echo: faults,
            counter: faults,
        };
        FaultInjector::new(plan, seed, &Registry::new()).expect("an empty registry")
    }

    fn ratio(ratio: f64) -> Ratio {
        Ratio::new(ratio).expect("a ratio")
    }

    fn injector(seed: u64) -> FaultInjector {
        let faults = EndpointFaults {
            error_ratio: ratio(0.1),
            delay: "uniform:5ms:150ms".parse().expect("valid"),
            ..QUIET
        };
        injector_with(faults, seed)
    }

    fn decisions(injector: &FaultInjector, endpoint: Endpoint) -> Vec<FaultDecision> {
        (0..1_000).map(|_| injector.draw(endpoint)).collect()
    }

    #[test]
    fn the_same_seed_repeats_a_run_whatever_the_other_endpoints_do() {
        let (first, second) = (injector(7), injector(7));
        decisions(&second, Endpoint::Echo);
        assert_eq!(decisions(&first, Endpoint::Ping), decisions(&second, Endpoint::Ping));
    }

    #[test]
    fn other_seeds_and_other_endpoints_give_other_decisions() {
        let ping = decisions(&injector(7), Endpoint::Ping);
        assert_ne!(ping, decisions(&injector(8), Endpoint::Ping));
        assert_ne!(ping, decisions(&injector(7), Endpoint::Echo));
    }

    /// Asserts that a count is plausible for this share of 10,000: within 3.29 standard deviations, as 99.9 % are.
    #[track_caller]
    fn assert_share(count: usize, share: f64) {
        let (expected, deviation) = (1e4 * share, (1e4 * share * (1.0 - share)).sqrt());
        let distance = (count as f64 - expected).abs();
        assert!(distance <= 3.29 * deviation, "{count} of 10,000, expected {expected}");
    }

    #[test]
    fn the_planned_share_of_requests_fails() {
        let injector = injector(7);
        let error = Outcome::Error(ErrorStatus::INTERNAL_SERVER_ERROR);
        let failed = (0..10_000).filter(|_| injector.draw(Endpoint::Ping).outcome == error);
        assert_share(failed.count(), 0.1);
    }

    #[test]
    fn each_fault_has_its_share_and_a_drop_precedes_a_hang_and_a_hang_an_error() {
        let faults = EndpointFaults {
            error_ratio: ratio(0.5),
            error_status: ErrorStatus::SERVICE_UNAVAILABLE,
            hang_ratio: ratio(0.2),
            drop_ratio: ratio(0.1),
            ..QUIET
        };
        let injector = injector_with(faults, 7);
        let outcomes: Vec<_> = (0..10_000).map(|_| injector.draw(Endpoint::Echo).outcome).collect();
        let count = |outcome| outcomes.iter().filter(|drawn| **drawn == outcome).count();
        assert_share(count(Outcome::Drop), 0.1);
        assert_share(count(Outcome::Hang), 0.9 * 0.2);
        assert_share(count(Outcome::Error(ErrorStatus::SERVICE_UNAVAILABLE)), 0.9 * 0.8 * 0.5);
        assert_share(count(Outcome::Served), 0.9 * 0.8 * 0.5);
    }

    #[test]
    fn consecutive_decisions_are_independent() {
        let injector = injector_with(
            EndpointFaults {
                error_ratio: ratio(0.5),
                ..QUIET
            },
            7,
        );
        let outcomes: Vec<_> = (0..10_001).map(|_| injector.draw(Endpoint::Echo).outcome).collect();
        let alike = outcomes.windows(2).filter(|pair| pair[0] == pair[1]);
        assert_share(alike.count(), 0.5);
    }

    #[test]
    fn a_new_plan_applies_from_the_next_request() {
        let injector = injector_with(QUIET, 7);
        let plan = *injector.switch().startup();
        assert_eq!(injector.draw(Endpoint::Echo).outcome, Outcome::Served);
        let drops = EndpointFaults {
            drop_ratio: ratio(1.0),
            ..QUIET
        };
        injector.switch().replace(FaultPlan { echo: drops, ..plan }, None);
        assert_eq!(injector.draw(Endpoint::Echo).outcome, Outcome::Drop);
        injector.switch().restore();
        assert_eq!(injector.draw(Endpoint::Echo).outcome, Outcome::Served);
    }
}
