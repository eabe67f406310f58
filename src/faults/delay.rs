//! Delays of requests.

use std::{fmt, str::FromStr, time::Duration};

use rand::{Rng, RngExt};
use rand_distr::{Distribution, LogNormal};
use serde::{Deserialize, Deserializer, de};

/// The upper bound of every delay. A log-normal distribution by itself has none.
const MAX_DELAY: Duration = Duration::from_mins(1);

/// The distribution of a delay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// No delay.
    None,
    /// A constant delay.
    Constant(Duration),
    /// A delay drawn uniformly between two bounds.
    Uniform {
        /// The shortest delay.
        min: Duration,
        /// The longest delay.
        max: Duration,
    },
    /// A log-normal delay, as of real services: most are near the median, a few are far longer.
    LogNormal {
        /// The median: half of the delays are shorter.
        median: Duration,
        /// The standard deviation of the delay's natural logarithm. At 0.5 the 99th percentile is 3.2 times the median.
        sigma: f64,
    },
}

impl Delay {
    /// Draws a delay of at most 60 s.
    pub fn sample(&self, rng: &mut impl Rng) -> Duration {
        let delay = match *self {
            Self::None => Duration::ZERO,
            Self::Constant(delay) => delay,
            Self::Uniform { min, max } => rng.random_range(min..=max),
            Self::LogNormal { median, sigma } => {
                let factor = LogNormal::new(0.0, sigma)
                    .expect("sigma was checked when it was parsed")
                    .sample(rng);
                Duration::try_from_secs_f64(median.as_secs_f64() * factor).unwrap_or(MAX_DELAY)
            }
        };
        delay.min(MAX_DELAY)
    }
}

impl Delay {
    /// Returns the shortest and the longest delay. For a log-normal delay, which has neither, returns the 1st and the
    /// 99th percentile: `median / exp(2.326 * sigma)` and `median * exp(2.326 * sigma)`.
    #[must_use]
    pub fn bounds(&self) -> (Duration, Duration) {
        /// The 99th percentile of the standard normal distribution.
        const Z_99: f64 = 2.326;
        match *self {
            Self::None => (Duration::ZERO, Duration::ZERO),
            Self::Constant(delay) => (delay, delay),
            Self::Uniform { min, max } => (min, max),
            Self::LogNormal { median, sigma } => {
                let factor = (Z_99 * sigma).exp();
                (median.div_f64(factor), median.mul_f64(factor).min(MAX_DELAY))
            }
        }
    }
}

/// An invalid delay.
#[derive(Debug, thiserror::Error)]
#[error("expected none, constant:20ms, uniform:5ms:150ms or lognormal:50ms:0.5 (median, sigma); {0}")]
pub struct DelayError(String);

impl FromStr for Delay {
    type Err = DelayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            ["none"] => Ok(Self::None),
            ["constant", delay] => Ok(Self::Constant(duration(delay)?)),
            ["uniform", min, max] => {
                let (min, max) = (duration(min)?, duration(max)?);
                if min > max {
                    return Err(DelayError("the first duration is longer than the second".to_owned()));
                }
                Ok(Self::Uniform { min, max })
            }
            ["lognormal", median, sigma] => Ok(Self::LogNormal {
                median: duration(median)?,
                sigma: sigma
                    .parse()
                    .ok()
                    .filter(|sigma| (0.0..=5.0).contains(sigma))
                    .ok_or_else(|| DelayError(format!("sigma '{sigma}' is not a number from 0 to 5")))?,
            }),
            _ => Err(DelayError("this is none of them".to_owned())),
        }
    }
}

fn duration(text: &str) -> Result<Duration, DelayError> {
    let duration = humantime::parse_duration(text).map_err(|error| DelayError(format!("'{text}': {error}")))?;
    if duration > MAX_DELAY {
        return Err(DelayError(format!(
            "'{text}' is longer than {}",
            humantime::format_duration(MAX_DELAY)
        )));
    }
    Ok(duration)
}

impl fmt::Display for Delay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = humantime::format_duration;
        match *self {
            Self::None => write!(formatter, "none"),
            Self::Constant(delay) => write!(formatter, "constant:{}", text(delay)),
            Self::Uniform { min, max } => write!(formatter, "uniform:{}:{}", text(min), text(max)),
            Self::LogNormal { median, sigma } => write!(formatter, "lognormal:{}:{sigma}", text(median)),
        }
    }
}

impl<'de> Deserialize<'de> for Delay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|error| de::Error::custom(format!("found {text:?}, {error}")))
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn every_form_survives_a_round_trip() {
        for text in ["none", "constant:20ms", "uniform:5ms:150ms", "lognormal:50ms:0.5"] {
            assert_eq!(text.parse::<Delay>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn an_invalid_delay_is_refused_with_the_valid_forms() {
        for text in [
            "",
            "soon",
            "constant",
            "constant:20",
            "constant:2h",
            "uniform:150ms:5ms",
            "uniform:5ms",
            "lognormal:50ms:-1",
            "lognormal:50ms:NaN",
        ] {
            let message = text.parse::<Delay>().expect_err(text).to_string();
            assert!(message.starts_with("expected none, constant:20ms"), "{text}: {message}");
        }
    }

    #[test]
    fn a_uniform_delay_stays_within_its_bounds_and_centres_between_them() {
        let delay: Delay = "uniform:5ms:150ms".parse().expect("valid");
        let mut rng = StdRng::seed_from_u64(1);
        let samples: Vec<Duration> = (0..10_000).map(|_| delay.sample(&mut rng)).collect();
        let bounds = Duration::from_millis(5)..=Duration::from_millis(150);
        assert!(samples.iter().all(|sample| bounds.contains(sample)));
        let mean = samples.iter().sum::<Duration>().as_secs_f64() / 10_000.0;
        assert!((0.0765..0.0785).contains(&mean), "mean {mean}");
    }

    #[test]
    fn a_log_normal_delay_has_the_given_median() {
        let delay: Delay = "lognormal:50ms:0.5".parse().expect("valid");
        let mut rng = StdRng::seed_from_u64(1);
        let shorter = (0..10_000)
            .filter(|_| delay.sample(&mut rng) < Duration::from_millis(50))
            .count();
        assert!(
            (4_800..5_200).contains(&shorter),
            "{shorter} of 10,000 below the median"
        );
    }

    #[test]
    fn the_bounds_contain_nearly_all_delays() {
        for (text, expected) in [
            ("none", 1.0),
            ("constant:20ms", 1.0),
            ("uniform:5ms:150ms", 1.0),
            ("lognormal:50ms:0.5", 0.98),
        ] {
            let delay: Delay = text.parse().expect("valid");
            let (lower, upper) = delay.bounds();
            let mut rng = StdRng::seed_from_u64(1);
            let within = (0..10_000)
                .filter(|_| (lower..=upper).contains(&delay.sample(&mut rng)))
                .count();
            let share = within as f64 / 10_000.0;
            assert!(
                (share - expected).abs() < 0.005,
                "{text}: {share} within {lower:?} and {upper:?}"
            );
        }
    }

    #[test]
    fn no_delay_is_longer_than_a_minute() {
        let delay: Delay = "lognormal:60s:5".parse().expect("valid");
        let mut rng = StdRng::seed_from_u64(1);
        assert!((0..1_000).all(|_| delay.sample(&mut rng) <= MAX_DELAY));
    }
}
