//! Load shedding: a limit of the requests in progress.
//!
//! What exceeds it is rejected at once rather than queued: a queue would only make every client wait, until those at its
//! head have given up and the work for them is wasted. tower's `LoadShed` and `ConcurrencyLimit` do that too, but know no
//! paths that are exempt.

use prometheus::IntCounter;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::problem::Problem;

/// The limit, and the paths that it does not apply to.
#[derive(Debug)]
pub struct LoadShed {
    permits: Semaphore,
    exempt: Vec<String>,
    shed: IntCounter,
}

impl LoadShed {
    /// Allows `max` requests in progress and counts the rejected ones with `shed`. The `exempt` paths are always served:
    /// whoever watches an overloaded service must see it.
    pub fn new(max: usize, exempt: Vec<String>, shed: IntCounter) -> Self {
        Self {
            permits: Semaphore::new(max.min(Semaphore::MAX_PERMITS)),
            exempt,
            shed,
        }
    }

    /// Returns a permit to keep while a request to this path is in progress, which an exempt path does not need, or an
    /// error if there are as many requests in progress as allowed.
    pub fn admit(&self, path: &str) -> Result<Option<SemaphorePermit<'_>>, Problem> {
        if self.exempt.iter().any(|exempt| exempt == path) {
            return Ok(None);
        }
        self.permits.try_acquire().map(Some).map_err(|_| {
            self.shed.inc();
            Problem::overloaded("Too many requests are in progress; try again in a moment.")
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn excess_requests_are_rejected_until_a_permit_is_dropped() {
        let shed = IntCounter::new("shed", "shed").expect("a name");
        let limit = LoadShed::new(1, vec!["/metrics".to_owned()], shed.clone());
        let permit = limit.admit("/").expect("there is room");
        assert!(permit.is_some());
        for (path, rejected) in [("/", 1), ("/metrics/x", 2)] {
            let problem = limit.admit(path).expect_err(path);
            assert_eq!(problem.into_response().status(), 503, "{path}");
            assert_eq!(shed.get(), rejected, "{path}");
        }
        assert!(limit.admit("/metrics").expect("exempt").is_none());
        drop(permit);
        limit.admit("/").expect("there is room again");
    }
}
