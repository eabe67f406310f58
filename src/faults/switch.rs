//! Which plan is in force, and how it is exchanged for another while requests arrive.

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

/// Who has put a plan in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The settings: it is in force whenever no other plan is.
    Startup,
    /// Somebody, through the control listener.
    Control,
    /// The schedule of incidents.
    Incident,
}

impl Origin {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Startup, Self::Control, Self::Incident];

    /// The name, as in the API and in the metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Control => "control",
            Self::Incident => "incident",
        }
    }
}

/// The plan that is in force.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActivePlan {
    /// What is to go wrong.
    pub plan: FaultPlan,
    /// Who wants it so.
    pub origin: Origin,
    /// When the start-up plan returns by itself.
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

    /// How long it will be in force, if it ends by itself.
    #[must_use]
    pub fn ends_in(&self) -> Option<Duration> {
        self.ends_at.map(|at| at.saturating_duration_since(Instant::now()))
    }
}

/// Holds the plan in force. Reading it takes no lock, so that each request can.
#[derive(Debug)]
pub struct PlanSwitch {
    startup: FaultPlan,
    active: ArcSwap<ActivePlan>,
    changed: Notify,
}

impl PlanSwitch {
    /// A switch at which the start-up plan is in force.
    #[must_use]
    pub fn new(startup: FaultPlan) -> Self {
        Self {
            startup,
            active: ArcSwap::from_pointee(ActivePlan::startup(startup)),
            changed: Notify::new(),
        }
    }

    /// The plan that returns when another one ends.
    #[must_use]
    pub const fn startup(&self) -> &FaultPlan {
        &self.startup
    }

    /// The plan in force. Not to be held for long.
    pub fn active(&self) -> Guard<Arc<ActivePlan>> {
        self.active.load()
    }

    /// Puts somebody's plan in force, whatever was before, for good or for a while.
    pub fn replace(&self, plan: FaultPlan, duration: Option<Duration>) -> ActivePlan {
        self.put(ActivePlan {
            plan,
            origin: Origin::Control,
            ends_at: duration.map(|duration| Instant::now() + duration),
        })
    }

    /// Puts the start-up plan in force again.
    pub fn restore(&self) -> ActivePlan {
        self.put(ActivePlan::startup(self.startup))
    }

    /// Puts an incident in force for a while, unless something other than the start-up plan is: then it returns false.
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

    /// Ends each plan when its time is over. Runs for ever.
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
        // Somebody may have put another plan in force in this very moment: that one stays.
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
                "the faults have ended; the start-up plan is in force"
            );
        }
    }

    fn put(&self, plan: ActivePlan) -> ActivePlan {
        self.active.store(Arc::new(plan));
        // It keeps one notice for a keeper of the time that is not waiting just now.
        self.changed.notify_one();
        plan
    }
}
