//! An amount that requests share: the number of those in progress, or the memory of their bodies.
//!
//! tokio's `Semaphore` limits the same, but takes a lock with each release, for waiters that there are none of here.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// The amount, and how much of it is taken.
#[derive(Debug)]
pub struct Budget {
    max: usize,
    taken: AtomicUsize,
}

/// A share of a budget. Dropping it gives the share back.
#[derive(Debug)]
pub struct Share {
    budget: Arc<Budget>,
    amount: usize,
}

impl Budget {
    /// Returns a budget of which nothing is taken.
    pub fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            max,
            taken: AtomicUsize::new(0),
        })
    }

    /// Takes a share, or returns `None` if less is left.
    pub fn take(self: &Arc<Self>, amount: usize) -> Option<Share> {
        let share = Share {
            budget: Arc::clone(self),
            amount,
        };
        let before = self.taken.fetch_add(amount, Ordering::Relaxed);
        // What exceeds the budget is given back by dropping the share.
        (before.saturating_add(amount) <= self.max).then_some(share)
    }
}

impl Share {
    /// Adds another share of the same budget.
    pub fn merge(&mut self, mut other: Self) {
        self.amount += std::mem::take(&mut other.amount);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.taken.fetch_sub(self.amount, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_budget_is_taken_and_dropped_shares_are_free_again() {
        let budget = Budget::new(3);
        let mut first = budget.take(1).expect("there is room");
        first.merge(budget.take(1).expect("there is room"));
        assert!(budget.take(2).is_none());
        let second = budget.take(1).expect("the refused share was given back");
        assert!(budget.take(1).is_none());
        drop(first);
        assert!(budget.take(2).is_some());
        drop(second);
        assert!(budget.take(3).is_some());
    }
}
