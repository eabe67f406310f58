//! Settings of the fault injection.

use std::time::Duration;

use clap::Args;

use super::{
    delay::Delay,
    plan::{EndpointFaults, FaultPlan},
    ratio::Ratio,
    status::ErrorStatus,
};

/// The longest mean pause between incidents.
const MAX_MEAN_PAUSE: Duration = Duration::from_hours(24);

/// The fault plan as flags and environment variables.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Faults")]
pub struct FaultSettings {
    /// Share of requests to /ping that fail, from 0 to 1
    #[arg(
        long,
        env = "OBSERVER_PING_ERROR_RATIO",
        default_value = "0.005",
        value_name = "RATIO"
    )]
    ping_error_ratio: Ratio,

    /// Delay of /ping: none, constant:20ms, uniform:5ms:150ms or lognormal:50ms:0.5 (median, sigma)
    #[arg(
        long,
        env = "OBSERVER_PING_DELAY",
        default_value = "uniform:5ms:150ms",
        value_name = "DELAY"
    )]
    ping_delay: Delay,

    /// Share of requests to /echo that fail, from 0 to 1
    #[arg(
        long,
        env = "OBSERVER_ECHO_ERROR_RATIO",
        default_value = "0.005",
        value_name = "RATIO"
    )]
    echo_error_ratio: Ratio,

    /// Delay of /echo, as for /ping
    #[arg(long, env = "OBSERVER_ECHO_DELAY", default_value = "none", value_name = "DELAY")]
    echo_delay: Delay,

    /// Share of requests to /counter that fail, from 0 to 1
    #[arg(
        long,
        env = "OBSERVER_COUNTER_ERROR_RATIO",
        default_value = "0",
        value_name = "RATIO"
    )]
    counter_error_ratio: Ratio,

    /// Delay of /counter, as for /ping
    #[arg(long, env = "OBSERVER_COUNTER_DELAY", default_value = "none", value_name = "DELAY")]
    counter_delay: Delay,

    /// Seed that makes a run repeatable: the n-th request to an endpoint always gets the same faults
    #[arg(long, env = "OBSERVER_FAULT_SEED", value_name = "NUMBER")]
    fault_seed: Option<u64>,

    /// Mean pause between random incidents, such as 20m; without it there are none
    #[arg(long, env = "OBSERVER_INCIDENTS", value_parser = pause, value_name = "DURATION")]
    incidents: Option<Duration>,
}

impl FaultSettings {
    /// Returns the start-up plan, which is active from the start and whenever no other plan is.
    #[must_use]
    pub const fn plan(&self) -> FaultPlan {
        FaultPlan {
            ping: endpoint(self.ping_error_ratio, self.ping_delay),
            echo: endpoint(self.echo_error_ratio, self.echo_delay),
            counter: endpoint(self.counter_error_ratio, self.counter_delay),
        }
    }

    /// Returns the mean pause between incidents, or `None` if there are to be none.
    #[must_use]
    pub const fn incidents(&self) -> Option<Duration> {
        self.incidents
    }

    /// Returns the seed: the configured one, else a random one.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.fault_seed.unwrap_or_else(rand::random)
    }
}

/// The start-up plan has errors and delays only: hangs and drops are for the control API and for incidents.
const fn endpoint(error_ratio: Ratio, delay: Delay) -> EndpointFaults {
    EndpointFaults {
        error_ratio,
        error_status: ErrorStatus::INTERNAL_SERVER_ERROR,
        delay,
        hang_ratio: Ratio::ZERO,
        drop_ratio: Ratio::ZERO,
    }
}

fn pause(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .ok()
        .filter(|pause| !pause.is_zero() && *pause <= MAX_MEAN_PAUSE)
        .ok_or_else(|| "expected a duration such as 20m, at most a day".to_owned())
}
