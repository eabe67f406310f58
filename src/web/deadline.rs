//! A time limit that costs next to nothing as long as it is not near.
//!
//! A timer of the runtime is put into a list, under a lock for all processors, and taken out again: for each request that
//! waits for anything at all, although hardly any waits for long.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Sleep, sleep};

use std::time::Instant;

/// How often the server polls a request in progress again, whatever the request waits for.
pub const PULSE: Duration = Duration::from_millis(500);

/// A time limit within the work for a request, from when the work first waits. Outside of a request nothing has a pulse,
/// and it may never end.
#[derive(Debug)]
pub struct Deadline {
    limit: Duration,
    waits_since: Option<Instant>,
    /// Set when another pulse may come too late.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    /// That ends when it was waited for this long.
    pub const fn after(limit: Duration) -> Self {
        Self {
            limit,
            waits_since: None,
            timer: None,
        }
    }

    /// Ready when the time is over.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(timer) = &mut self.timer {
            return timer.as_mut().poll(context);
        }
        let waited = self.waits_since.get_or_insert_with(Instant::now).elapsed();
        let left = self.limit.saturating_sub(waited);
        // A pulse may be late on a busy machine.
        if left > 2 * PULSE {
            return Poll::Pending;
        }
        self.timer.insert(Box::pin(sleep(left))).as_mut().poll(context)
    }
}
