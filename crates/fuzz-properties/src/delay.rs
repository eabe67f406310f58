//! A delay's text form: what parses survives formatting and parsing, and its samples stay within bounds.

use std::time::Duration;

use observer::faults::Delay;
use rand::{SeedableRng, rngs::StdRng};

/// The upper bound of every delay.
const MAX_DELAY: Duration = Duration::from_mins(1);

/// Parses a delay. A parsed delay must parse again from its own text, and sample within its bounds.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    let Ok(delay) = text.parse::<Delay>() else {
        return;
    };
    assert_eq!(
        delay.to_string().parse::<Delay>().expect("a delay parses its own text"),
        delay
    );
    let (shortest, longest) = delay.bounds();
    assert!(shortest <= longest && longest <= MAX_DELAY, "{shortest:?}, {longest:?}");
    let sample = delay.sample(&mut StdRng::seed_from_u64(1));
    assert!(sample <= MAX_DELAY, "{sample:?}");
    if let Delay::Constant(_) | Delay::Uniform { .. } = delay {
        assert!((shortest..=longest).contains(&sample), "{sample:?}");
    }
}
