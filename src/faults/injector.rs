//! Draws each request's fate.

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

/// Draws fates from the plan in force.
///
/// The n-th request to an endpoint has a random generator of its own, seeded by the run's seed, the endpoint and n.
/// Its fate so depends neither on the other endpoints' requests nor on which thread was faster, and no lock is needed.
#[derive(Debug)]
pub struct FaultInjector {
    switch: Arc<PlanSwitch>,
    streams: [Stream; Endpoint::ALL.len()],
    metrics: FaultMetrics,
}

/// The requests of one endpoint.
#[derive(Debug)]
struct Stream {
    seed: u64,
    requests: AtomicU64,
}

impl FaultInjector {
    /// An injector that begins with the plan `startup`, with its metrics in `registry`.
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

    /// Which plan is in force, and how to change that.
    #[must_use]
    pub const fn switch(&self) -> &Arc<PlanSwitch> {
        &self.switch
    }

    /// The fate of the next request to this endpoint. It is counted as injected.
    pub fn draw(&self, endpoint: Endpoint) -> FaultDecision {
        let stream = &self.streams[endpoint as usize];
        let request = stream.requests.fetch_add(1, Ordering::Relaxed);
        // SplitMix64 scrambles a counter: made for seeds that are near each other, and cheap to begin anew.
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

    fn following(faults: EndpointFaults, seed: u64) -> FaultInjector {
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
        following(faults, seed)
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
    fn other_seeds_and_other_endpoints_meet_other_fates() {
        let ping = decisions(&injector(7), Endpoint::Ping);
        assert_ne!(ping, decisions(&injector(8), Endpoint::Ping));
        assert_ne!(ping, decisions(&injector(7), Endpoint::Echo));
    }

    /// Whether a count is likely for this share of 10,000: within 3.29 standard deviations, which 99.9 % are.
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
    fn each_kind_has_its_share_and_a_drop_comes_before_a_hang_before_an_error() {
        let faults = EndpointFaults {
            error_ratio: ratio(0.5),
            error_status: ErrorStatus::SERVICE_UNAVAILABLE,
            hang_ratio: ratio(0.2),
            drop_ratio: ratio(0.1),
            ..QUIET
        };
        let injector = following(faults, 7);
        let outcomes: Vec<_> = (0..10_000).map(|_| injector.draw(Endpoint::Echo).outcome).collect();
        let count = |outcome| outcomes.iter().filter(|drawn| **drawn == outcome).count();
        assert_share(count(Outcome::Drop), 0.1);
        assert_share(count(Outcome::Hang), 0.9 * 0.2);
        assert_share(count(Outcome::Error(ErrorStatus::SERVICE_UNAVAILABLE)), 0.9 * 0.8 * 0.5);
        assert_share(count(Outcome::Served), 0.9 * 0.8 * 0.5);
    }

    #[test]
    fn neighbouring_requests_have_nothing_in_common() {
        let injector = following(
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
    fn a_plan_that_is_replaced_holds_for_the_next_request() {
        let injector = following(QUIET, 7);
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
