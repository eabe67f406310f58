//! What is to go wrong, and how often.

use std::{fmt, str::FromStr};

use clap::Args;

use super::Delay;

/// An endpoint whose requests can be made to fail or wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Ping,
    Echo,
    Counter,
}

impl Endpoint {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Ping, Self::Echo, Self::Counter];

    /// The endpoint's route.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Ping => "/ping",
            Self::Echo => "/echo",
            Self::Counter => "/counter",
        }
    }
}

/// A share from 0 (never) to 1 (always).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Ratio(f64);

impl Ratio {
    /// The share as a number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl FromStr for Ratio {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .ok()
            .filter(|ratio| (0.0..=1.0).contains(ratio))
            .map(Self)
            .ok_or("expected a number from 0 to 1")
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What may happen to the requests of one endpoint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EndpointFaults {
    /// The share of requests that fail with 500.
    pub error_ratio: Ratio,
    /// How long each request is held back, the failing ones too.
    pub delay: Delay,
}

/// What may happen to the requests of all endpoints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaultPlan {
    /// For /ping.
    pub ping: EndpointFaults,
    /// For /echo.
    pub echo: EndpointFaults,
    /// For /counter.
    pub counter: EndpointFaults,
}

impl FaultPlan {
    /// The faults of one endpoint.
    #[must_use]
    pub const fn of(&self, endpoint: Endpoint) -> &EndpointFaults {
        match endpoint {
            Endpoint::Ping => &self.ping,
            Endpoint::Echo => &self.echo,
            Endpoint::Counter => &self.counter,
        }
    }
}

/// The fault plan as flags and environment variables.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Faults")]
pub struct FaultSettings {
    /// Share of requests to /ping that fail, 0 to 1
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

    /// Share of requests to /echo that fail, 0 to 1
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

    /// Share of requests to /counter that fail, 0 to 1
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

    /// Makes a run repeatable: the n-th request to an endpoint then always meets the same fate
    #[arg(long, env = "OBSERVER_FAULT_SEED", value_name = "NUMBER")]
    fault_seed: Option<u64>,
}

impl FaultSettings {
    /// The plan that these settings describe.
    #[must_use]
    pub const fn plan(&self) -> FaultPlan {
        FaultPlan {
            ping: EndpointFaults {
                error_ratio: self.ping_error_ratio,
                delay: self.ping_delay,
            },
            echo: EndpointFaults {
                error_ratio: self.echo_error_ratio,
                delay: self.echo_delay,
            },
            counter: EndpointFaults {
                error_ratio: self.counter_error_ratio,
                delay: self.counter_delay,
            },
        }
    }

    /// The seed of the draws: the one that was set, else a random one.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.fault_seed.unwrap_or_else(rand::random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_lies_between_0_and_1() {
        for text in ["0", "0.005", "1"] {
            assert_eq!(text.parse::<Ratio>().expect(text).to_string(), text);
        }
        for text in ["-0.1", "1.1", "NaN", "half", ""] {
            assert_eq!(text.parse::<Ratio>(), Err("expected a number from 0 to 1"), "{text}");
        }
    }
}
