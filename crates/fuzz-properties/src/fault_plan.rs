//! A change of the fault plan: an accepted change gives a valid plan, and the plan as it is shown is accepted again.

use std::time::Duration;

use observer::faults::{Delay, Endpoint, EndpointFaults, ErrorStatus, FaultPlan, PlanChange, Ratio};

/// The longest that a plan can be asked for: a week.
const MAX_DURATION: Duration = Duration::from_hours(7 * 24);

const QUIET: EndpointFaults = EndpointFaults {
    error_ratio: Ratio::ZERO,
    error_status: ErrorStatus::INTERNAL_SERVER_ERROR,
    delay: Delay::None,
    hang_ratio: Ratio::ZERO,
    drop_ratio: Ratio::ZERO,
};

const STARTUP: FaultPlan = FaultPlan {
    ping: QUIET,
    echo: QUIET,
    counter: QUIET,
};

/// Parses a change and applies it to an empty plan. Every ratio must lie between 0 and 1.
pub fn check(input: &[u8]) {
    let change = match PlanChange::parse(input) {
        Ok(change) => change,
        Err(error) => return assert!(!error.to_string().is_empty(), "an error says why"),
    };
    if let Some(duration) = change.duration() {
        assert!(!duration.is_zero() && duration <= MAX_DURATION, "{duration:?}");
    }
    let plan = change.plan(&STARTUP);
    for endpoint in Endpoint::ALL {
        let faults = plan.of(endpoint);
        for ratio in [faults.error_ratio, faults.hang_ratio, faults.drop_ratio] {
            assert!((0.0..=1.0).contains(&ratio.get()), "{ratio}");
        }
        assert!(ErrorStatus::ALL.contains(&faults.error_status));
    }
    let shown = serde_json::to_vec(&plan).expect("JSON");
    let again = PlanChange::parse(&shown).expect("a shown plan is accepted");
    assert_eq!(again.plan(&STARTUP), plan);
}
