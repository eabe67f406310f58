//! Rate limit: a token bucket in front of the service.

use std::fmt;

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};

use super::{error::RateLimited, kind::Kind, length::Length, service::Lorem};

/// Decorator that refuses calls above a rate. All methods and all clients share one bucket: it protects the instance.
pub struct RateLimit<L, C: Clock = DefaultClock> {
    inner: L,
    bucket: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
    clock: C,
}

impl<L: Lorem> RateLimit<L> {
    /// Wraps a service and limits its calls to the quota.
    pub fn new(inner: L, quota: Quota) -> Self {
        Self::with_clock(inner, quota, DefaultClock::default())
    }
}

impl<L: Lorem, C: Clock + Clone> RateLimit<L, C> {
    fn with_clock(inner: L, quota: Quota, clock: C) -> Self {
        Self {
            inner,
            bucket: RateLimiter::direct_with_clock(quota, clock.clone()),
            clock,
        }
    }

    fn call(&self, kind: Kind, length: Length) -> Result<String, RateLimited> {
        self.bucket.check().map_err(|not_until| RateLimited {
            retry_after: not_until.wait_time_from(self.clock.now()),
        })?;
        kind.call(&self.inner, length)
    }
}

impl<L: Lorem, C: Clock + Clone + Send + Sync> Lorem for RateLimit<L, C>
where
    C::Instant: Send + Sync,
{
    fn word(&self, letters: Length) -> Result<String, RateLimited> {
        self.call(Kind::Word, letters)
    }

    fn sentence(&self, words: Length) -> Result<String, RateLimited> {
        self.call(Kind::Sentence, words)
    }

    fn paragraph(&self, sentences: Length) -> Result<String, RateLimited> {
        self.call(Kind::Paragraph, sentences)
    }
}

impl<L: fmt::Debug, C: Clock> fmt::Debug for RateLimit<L, C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RateLimit")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{num::NonZeroU32, time::Duration};

    use governor::clock::FakeRelativeClock;

    use super::*;
    use crate::lorem::Text;

    /// A limit of one call a second with bursts of five, and its manual clock.
    fn limited() -> (RateLimit<Text, FakeRelativeClock>, FakeRelativeClock) {
        let quota = Quota::per_second(NonZeroU32::MIN).allow_burst(NonZeroU32::new(5).expect("not zero"));
        let clock = FakeRelativeClock::default();
        (RateLimit::with_clock(Text, quota, clock.clone()), clock)
    }

    fn admitted(lorem: &dyn Lorem, calls: usize) -> usize {
        let length = Length::parse("1", "5").expect("valid bounds");
        (0..calls)
            .filter(|number| Kind::ALL[number % Kind::ALL.len()].call(lorem, length).is_ok())
            .count()
    }

    #[test]
    fn all_methods_share_one_burst() {
        let (lorem, _clock) = limited();
        assert_eq!(admitted(&lorem, 100), 5);
    }

    #[test]
    fn the_rate_is_sustained_and_unused_tokens_add_up_to_a_burst_at_most() {
        let (lorem, clock) = limited();
        assert_eq!(admitted(&lorem, 10), 5);
        for _ in 0..20 {
            clock.advance(Duration::from_secs(1));
            assert_eq!(admitted(&lorem, 10), 1);
        }
        clock.advance(Duration::from_hours(1));
        assert_eq!(admitted(&lorem, 10), 5);
    }

    #[test]
    fn a_refusal_says_when_to_retry() {
        let (lorem, clock) = limited();
        admitted(&lorem, 5);
        clock.advance(Duration::from_millis(300));
        let length = Length::parse("1", "5").expect("valid bounds");
        let refused = lorem.word(length).expect_err("the bucket is empty");
        assert_eq!(refused.retry_after, Duration::from_millis(700));
        clock.advance(refused.retry_after);
        assert!(lorem.word(length).is_ok());
    }
}
