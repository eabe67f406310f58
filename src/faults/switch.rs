//! The active plan, which can be replaced while requests arrive.

use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use serde::Serialize;
use std::sync::Arc;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};
use tracing::info;

use super::plan::FaultPlan;

/// Where a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The settings. Active whenever no other plan is.
    Startup,
    /// The control API.
    Control,
    /// The schedule of incidents.
    Incident,
}

impl Origin {
    /// All origins, in the order of declaration.
    pub const ALL: [Self; 3] = [Self::Startup, Self::Control, Self::Incident];

    /// Returns the name, as in the API and in the metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Control => "control",
            Self::Incident => "incident",
        }
    }
}

/// The plan that requests currently get their faults from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActivePlan {
    /// The faults.
    pub plan: FaultPlan,
    /// Where the plan comes from.
    pub origin: Origin,
    /// When the plan expires and the start-up plan is restored, if ever.
    pub ends_at: Option<Instant>,
}

impl ActivePlan {
    const fn startup(plan: FaultPlan) -> Self {
        Self {
            plan,
            origin: Origin::Startup,
            ends_at: None,
        }
    }

    /// Returns the time until the plan expires, or `None` if it does not.
    #[must_use]
    pub fn ends_in(&self) -> Option<Duration> {
        self.ends_at.map(|at| at.saturating_duration_since(Instant::now()))
    }
}

/// Holder of the active plan. Every request reads it, so reading is lock-free.
#[derive(Debug)]
pub struct PlanSwitch {
    startup: FaultPlan,
    active: ArcSwap<ActivePlan>,
    changed: Notify,
}

impl PlanSwitch {
    /// Creates a switch with the start-up plan active.
    #[must_use]
    pub fn new(startup: FaultPlan) -> Self {
        Self {
            startup,
            active: ArcSwap::from_pointee(ActivePlan::startup(startup)),
            changed: Notify::new(),
        }
    }

    /// Returns the start-up plan.
    #[must_use]
    pub const fn startup(&self) -> &FaultPlan {
        &self.startup
    }

    /// Returns the active plan. Do not hold the guard for long: it keeps a replaced plan alive.
    pub fn active(&self) -> Guard<Arc<ActivePlan>> {
        self.active.load()
    }

    /// Activates a plan from the control API, for `duration` or without end. Replaces whatever plan was active.
    pub fn replace(&self, plan: FaultPlan, duration: Option<Duration>) -> ActivePlan {
        self.put(ActivePlan {
            plan,
            origin: Origin::Control,
            ends_at: duration.map(|duration| Instant::now() + duration),
        })
    }

    /// Restores the start-up plan.
    pub fn restore(&self) -> ActivePlan {
        self.put(ActivePlan::startup(self.startup))
    }

    /// Activates an incident for `duration` if the start-up plan is active. Returns whether it did.
    pub fn begin_incident(&self, plan: FaultPlan, duration: Duration) -> bool {
        let incident = Arc::new(ActivePlan {
            plan,
            origin: Origin::Incident,
            ends_at: Some(Instant::now() + duration),
        });
        let before = self.active.rcu(|now| match now.origin {
            Origin::Startup => Arc::clone(&incident),
            Origin::Control | Origin::Incident => Arc::clone(now),
        });
        let begins = before.origin == Origin::Startup;
        if begins {
            self.changed.notify_one();
        }
        begins
    }

    /// Restores the start-up plan whenever the active plan expires. Runs indefinitely.
    pub async fn run_expiry(&self) {
        loop {
            let ends_at = self.active().ends_at;
            let over = async {
                match ends_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = over => self.end_if_expired(),
                () = self.changed.notified() => {}
            }
        }
    }

    fn end_if_expired(&self) {
        let startup = Arc::new(ActivePlan::startup(self.startup));
        // Another plan may have been activated at this moment: it stays.
        let has_expired = |plan: &ActivePlan| plan.ends_at.is_some_and(|at| at <= Instant::now());
        let before = self.active.rcu(|now| {
            if has_expired(now) {
                Arc::clone(&startup)
            } else {
                Arc::clone(now)
            }
        });
        if has_expired(&before) {
            info!(
                origin = before.origin.as_str(),
                "the fault plan has expired; the start-up plan is restored"
            );
        }
    }

    fn put(&self, plan: ActivePlan) -> ActivePlan {
        self.active.store(Arc::new(plan));
        // `notify_one` stores a permit if `run_expiry` is not waiting at the moment.
        self.changed.notify_one();
        plan
    }
}
