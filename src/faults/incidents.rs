//! Random incidents: faults that begin and end by themselves, so that an unattended stack stays interesting.
//!
//! The same seed gives the same schedule.

use std::time::Duration;

use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_xoshiro::SplitMix64;
use tokio::time::sleep;
use tracing::{info, warn};

use super::{delay::Delay, plan::FaultPlan, ratio::Ratio, status::ErrorStatus, switch::PlanSwitch};

/// Separates the schedule's random stream from that of the fault decisions, which has the same seed.
const STREAM: u64 = 0x001c_1de0;

/// A kind of incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scenario {
    LatencyBurst,
    ErrorBurst,
    CounterUnavailable,
    Hangs,
    Drops,
}

impl Scenario {
    const ALL: [Self; 5] = [
        Self::LatencyBurst,
        Self::ErrorBurst,
        Self::CounterUnavailable,
        Self::Hangs,
        Self::Drops,
    ];

    /// The description in the log.
    const fn description(self) -> &'static str {
        match self {
            Self::LatencyBurst => "latency burst on /ping",
            Self::ErrorBurst => "error burst on /echo",
            Self::CounterUnavailable => "/counter is unavailable at times",
            Self::Hangs => "some requests to /echo hang",
            Self::Drops => "some connections to /ping are closed",
        }
    }

    /// The range of durations, in minutes. Scenarios that an alert covers last long enough for the alert to fire.
    const fn minutes(self) -> std::ops::RangeInclusive<u64> {
        match self {
            Self::LatencyBurst => 7..=10,
            Self::ErrorBurst | Self::CounterUnavailable => 3..=6,
            Self::Hangs | Self::Drops => 2..=5,
        }
    }

    fn plan(self, startup: &FaultPlan) -> FaultPlan {
        let ratio = |ratio| Ratio::new(ratio).expect("a number from 0 to 1");
        let mut plan = *startup;
        match self {
            Self::LatencyBurst => {
                plan.ping.delay = Delay::LogNormal {
                    median: Duration::from_millis(400),
                    sigma: 0.4,
                }
            }
            Self::ErrorBurst => plan.echo.error_ratio = ratio(0.3),
            Self::CounterUnavailable => {
                plan.counter.error_ratio = ratio(0.5);
                plan.counter.error_status = ErrorStatus::SERVICE_UNAVAILABLE;
            }
            Self::Hangs => plan.echo.hang_ratio = ratio(0.02),
            Self::Drops => plan.ping.drop_ratio = ratio(0.1),
        }
        plan
    }
}

/// One incident of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Incident {
    /// The time since the end of the previous incident.
    pause: Duration,
    scenario: Scenario,
    duration: Duration,
}

/// An endless schedule of incidents.
#[derive(Debug)]
pub struct Incidents {
    rng: SplitMix64,
    mean_pause: Duration,
}

impl Incidents {
    /// Creates the schedule of a seed. The pauses between incidents are uniform from 0.5 to 1.5 times `mean_pause`.
    #[must_use]
    pub fn new(seed: u64, mean_pause: Duration) -> Self {
        Self {
            rng: SplitMix64::seed_from_u64(seed ^ STREAM),
            mean_pause,
        }
    }

    fn next(&mut self) -> Incident {
        let scenario = *Scenario::ALL.choose(&mut self.rng).expect("there are scenarios");
        let minutes = self.rng.random_range(scenario.minutes());
        Incident {
            pause: self.mean_pause.mul_f64(self.rng.random_range(0.5..=1.5)),
            scenario,
            duration: Duration::from_mins(minutes),
        }
    }

    /// Runs the incidents one after the other, indefinitely. Skips an incident while a plan from the control API is
    /// active.
    pub async fn run(mut self, switch: &PlanSwitch) {
        loop {
            let incident = self.next();
            let description = incident.scenario.description();
            sleep(incident.pause).await;
            if switch.begin_incident(incident.scenario.plan(switch.startup()), incident.duration) {
                warn!(duration = ?incident.duration, "incident: {description}");
            } else {
                info!("incident skipped, because another plan is active: {description}");
            }
            // Waits even if the incident was skipped or cut short: the schedule depends on the seed alone.
            sleep(incident.duration).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(seed: u64) -> Vec<Incident> {
        let mut incidents = Incidents::new(seed, Duration::from_mins(10));
        (0..100).map(|_| incidents.next()).collect()
    }

    #[test]
    fn each_seed_has_a_schedule_of_its_own() {
        assert_eq!(schedule(7), schedule(7));
        assert_ne!(schedule(7), schedule(8));
    }

    #[test]
    fn every_scenario_occurs_and_the_pauses_have_the_given_mean() {
        let incidents = schedule(7);
        for scenario in Scenario::ALL {
            assert!(
                incidents.iter().any(|incident| incident.scenario == scenario),
                "{scenario:?}"
            );
        }
        let pauses = Duration::from_mins(5)..=Duration::from_mins(15);
        assert!(incidents.iter().all(|incident| pauses.contains(&incident.pause)));
        let mean = incidents.iter().map(|incident| incident.pause).sum::<Duration>() / 100;
        assert!(
            (Duration::from_mins(9)..Duration::from_mins(11)).contains(&mean),
            "{mean:?}"
        );
    }
}
