//! A schedule of incidents, so that a stack that nobody touches stays interesting: now and then something goes wrong for
//! a while. The same seed makes the same schedule.

use std::time::Duration;

use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_xoshiro::SplitMix64;
use tokio::time::sleep;
use tracing::{info, warn};

use super::{delay::Delay, plan::FaultPlan, ratio::Ratio, status::ErrorStatus, switch::PlanSwitch};

/// So that the schedule's draws have nothing to do with those of the requests' fates, which the same seed begins.
const STREAM: u64 = 0x001c_1de0;

/// What can go wrong.
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

    /// What the log says.
    const fn description(self) -> &'static str {
        match self {
            Self::LatencyBurst => "latency burst on /ping",
            Self::ErrorBurst => "error burst on /echo",
            Self::CounterUnavailable => "/counter is unavailable now and then",
            Self::Hangs => "some requests to /echo are never answered",
            Self::Drops => "some connections are closed on /ping",
        }
    }

    /// How long it may last, in minutes: those that an alert is about long enough for it to fire.
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

/// Something goes wrong for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Incident {
    /// How long after the one before has ended.
    pause: Duration,
    scenario: Scenario,
    duration: Duration,
}

/// The incidents of a seed, without end.
#[derive(Debug)]
pub struct Incidents {
    rng: SplitMix64,
    mean_pause: Duration,
}

impl Incidents {
    /// The incidents of this seed. The pauses between them are `mean_pause` on average: from half of it to one and a half.
    #[must_use]
    pub fn new(seed: u64, mean_pause: Duration) -> Self {
        Self {
            rng: SplitMix64::seed_from_u64(seed ^ STREAM),
            mean_pause,
        }
    }

    fn next(&mut self) -> Incident {
        let scenario = *Scenario::ALL.choose(&mut self.rng).expect("there are some");
        let minutes = self.rng.random_range(scenario.minutes());
        Incident {
            pause: self.mean_pause.mul_f64(self.rng.random_range(0.5..=1.5)),
            scenario,
            duration: Duration::from_mins(minutes),
        }
    }

    /// Lets them happen, one after the other, for ever. While somebody's own plan is in force, they stay away.
    pub async fn run(mut self, switch: &PlanSwitch) {
        loop {
            let incident = self.next();
            let what = incident.scenario.description();
            sleep(incident.pause).await;
            if switch.begin_incident(incident.scenario.plan(switch.startup()), incident.duration) {
                warn!(duration = ?incident.duration, "incident: {what}");
            } else {
                info!("no incident, because a plan of somebody's is in force: {what}");
            }
            // Whether it happened or not, or was cut short: the times of the next ones are the seed's alone.
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
    fn the_same_seed_makes_the_same_schedule_and_another_another() {
        assert_eq!(schedule(7), schedule(7));
        assert_ne!(schedule(7), schedule(8));
    }

    #[test]
    fn everything_happens_after_pauses_around_the_mean() {
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
