//! Settings of the lorem service.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

use clap::Args;
use governor::Quota;

/// Rate limit of the lorem service, per instance.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Lorem")]
pub struct LoremSettings {
    /// Sustained rate of requests to /lorem, per second and instance; requests above it get 429
    #[arg(long, env = "OBSERVER_LOREM_RATE", default_value = "1", value_name = "RATE")]
    lorem_rate: Rate,

    /// Largest burst of requests to /lorem above that rate
    #[arg(long, env = "OBSERVER_LOREM_BURST", default_value = "5", value_name = "REQUESTS")]
    lorem_burst: NonZeroU32,
}

impl LoremSettings {
    /// Returns the rate limit that these settings describe.
    pub(super) fn quota(&self) -> Quota {
        Quota::with_period(self.lorem_rate.period())
            .expect("a period is not zero")
            .allow_burst(self.lorem_burst)
    }
}

/// A rate per second, from 0.001 (one in about 17 minutes) to a million.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rate(f64);

impl Rate {
    /// Returns the time between two calls.
    fn period(self) -> Duration {
        Duration::from_secs_f64(1.0 / self.0)
    }
}

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .ok()
            .filter(|rate| (0.001..=1e6).contains(rate))
            .map(Self)
            .ok_or("expected a number from 0.001 to 1000000")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_of_requests_a_second() {
        for (text, period) in [
            ("1", Duration::from_secs(1)),
            ("0.5", Duration::from_secs(2)),
            ("1000000", Duration::from_micros(1)),
        ] {
            assert_eq!(text.parse::<Rate>().map(Rate::period), Ok(period));
        }
        for text in ["0", "-1", "NaN", "inf", "1000001", "1/s", ""] {
            assert_eq!(
                text.parse::<Rate>(),
                Err("expected a number from 0.001 to 1000000"),
                "{text}"
            );
        }
    }
}
