//! The time between a request's arrival and its end.
//!
//! The processor's counter is read in a third of the time that the operating system's clock takes, and a request reads
//! it twice. It is only trusted where the kernel itself keeps the time by it: elsewhere it may differ between processors,
//! or stand still in a power-saving state.

use std::{
    fs,
    sync::LazyLock,
    time::{Duration, Instant},
};

/// The names that Linux gives to a processor's counter: of x86, and of ARM.
const COUNTERS: [&str; 2] = ["tsc", "arch_sys_counter"];

static CLOCK: LazyLock<Clock> = LazyLock::new(|| {
    let source = fs::read_to_string("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    Clock::of(source.as_deref().unwrap_or_default())
});

/// A moment, to be compared with a later one. In ticks of the process's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(u64);

/// What moments are read from.
#[derive(Debug)]
pub(super) enum Clock {
    Counter {
        counter: quanta::Clock,
        /// The nanoseconds of 2³² ticks.
        scale: u64,
    },
    System {
        since: Instant,
    },
}

impl Clock {
    /// The one that all moments are of. The first call takes under a millisecond. To keep the reference saves each reading
    /// the question whether the clock is there yet.
    #[inline]
    pub(super) fn of_this_process() -> &'static Self {
        &CLOCK
    }

    /// The clock for a system whose kernel keeps the time by `source`.
    fn of(source: &str) -> Self {
        if COUNTERS.contains(&source.trim()) {
            let counter = quanta::Clock::new();
            let scale = counter.delta_as_nanos(0, 1 << 32);
            Self::Counter { counter, scale }
        } else {
            Self::System { since: Instant::now() }
        }
    }

    #[inline]
    pub(super) fn now(&self) -> Moment {
        Moment(match self {
            Self::Counter { counter, .. } => counter.raw(),
            Self::System { since } => nanoseconds(since.elapsed()),
        })
    }

    /// Since a moment, in nanoseconds.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "five centuries fit into the result")]
    pub(super) fn since(&self, earlier: Moment) -> u64 {
        match self {
            Self::Counter { counter, scale } => {
                let ticks = counter.raw().saturating_sub(earlier.0);
                ((u128::from(ticks) * u128::from(*scale)) >> 32) as u64
            }
            Self::System { .. } => self.now().0.saturating_sub(earlier.0),
        }
    }
}

/// Enough for five centuries.
fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_counter_that_the_kernel_trusts_the_system_s_clock_is_taken() {
        for source in ["", "kvm-clock\n", "hpet", "acpi_pm"] {
            assert!(matches!(Clock::of(source), Clock::System { .. }), "{source}");
        }
        assert!(matches!(Clock::of("tsc\n"), Clock::Counter { .. }));
    }

    #[test]
    fn both_clocks_agree_with_the_system_s() {
        for clock in [Clock::of("tsc"), Clock::of("")] {
            let (began, ticks) = (Instant::now(), clock.now());
            while began.elapsed() < Duration::from_millis(50) {}
            let measured = Duration::from_nanos(clock.since(ticks));
            let upper = began.elapsed();
            // 1 % is far more than a counter drifts, and far less than a wrong unit.
            assert!(measured >= Duration::from_micros(49_500), "{measured:?}");
            assert!(measured <= upper.mul_f64(1.01), "{measured:?} of {upper:?}");
        }
    }
}
