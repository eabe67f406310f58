//! The settings of the lorem service.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

use clap::Args;
use governor::Quota;

/// How many calls an instance takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Lorem")]
pub struct LoremSettings {
    /// Requests to /lorem a second that this instance answers in the long run; the rest gets 429
    #[arg(long, env = "OBSERVER_LOREM_RATE", default_value = "1", value_name = "RATE")]
    lorem_rate: Rate,

    /// Requests to /lorem that this instance answers at once, after a while without any
    #[arg(long, env = "OBSERVER_LOREM_BURST", default_value = "5", value_name = "REQUESTS")]
    lorem_burst: NonZeroU32,
}

impl LoremSettings {
    /// The rate limit that these settings describe.
    pub(super) fn quota(&self) -> Quota {
        Quota::with_period(self.lorem_rate.period())
            .expect("a period is not zero")
            .allow_burst(self.lorem_burst)
    }
}

/// So many a second, from one in about 17 minutes to a million.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rate(f64);

impl Rate {
    /// The time between two.
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
