//! A delay's text: what reads as one is written so that it reads as the same, and delays no longer than it may.

use std::time::Duration;

use observer::faults::Delay;
use rand::{SeedableRng, rngs::StdRng};

/// No delay is longer.
const LONGEST: Duration = Duration::from_mins(1);

pub fn holds(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    let Ok(delay) = text.parse::<Delay>() else {
        return;
    };
    assert_eq!(delay.to_string().parse::<Delay>().expect("written by itself"), delay);
    let (shortest, longest) = delay.bounds();
    assert!(shortest <= longest && longest <= LONGEST, "{shortest:?}, {longest:?}");
    let sample = delay.sample(&mut StdRng::seed_from_u64(1));
    assert!(sample <= LONGEST, "{sample:?}");
    if let Delay::Constant(_) | Delay::Uniform { .. } = delay {
        assert!((shortest..=longest).contains(&sample), "{sample:?}");
    }
}
