//! The state of the stack at one moment, and the recording of a whole scenario.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use serde_json::Value;

use crate::{alert::Alert, counter::Call};

/// Alerts in Prometheus.
#[derive(Debug, Default)]
pub struct InPrometheus {
    pub pending: BTreeSet<Alert>,
    pub firing: BTreeSet<Alert>,
}

/// Alerts on the pager.
#[derive(Debug, Default)]
pub struct OnPager {
    pub firing: BTreeSet<Alert>,
    /// Alerts delivered since the fault, firing or not.
    pub delivered: BTreeSet<Alert>,
}

/// The state of the stack at one moment. A part that does not answer is `None`.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Time since the fault, or since the restore.
    pub at: Duration,
    pub prometheus: Option<InPrometheus>,
    pub pager: Option<OnPager>,
    /// Alerts that every dashboard of their service draws.
    pub drawn: BTreeSet<Alert>,
}

/// The two phases of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Fault,
    Recovery,
}

/// All observations of a scenario.
#[derive(Debug, Default)]
pub struct Recording {
    pub during_fault: Vec<Snapshot>,
    pub after_restore: Vec<Snapshot>,
    /// All calls to `/counter`.
    pub calls: Vec<Call>,
    /// Time from the restore to the steady state, or the remaining complaints.
    pub steady_after: Option<Result<Duration, String>>,
    /// Result of checking the fault's annotation.
    pub annotated: Option<Result<(), String>>,
    /// The number of requests that a load inside the cluster sent, or those that were lost.
    pub served: Option<Result<u64, String>>,
    /// Result of checking the inhibition.
    pub inhibition: Option<Result<(), String>>,
    /// Errors of the proof itself, such as a fault that could not be injected.
    pub errors: Vec<String>,
}

impl Recording {
    pub fn of(&self, phase: Phase) -> &[Snapshot] {
        match phase {
            Phase::Fault => &self.during_fault,
            Phase::Recovery => &self.after_restore,
        }
    }

    pub fn add(&mut self, phase: Phase, snapshot: Snapshot) {
        match phase {
            Phase::Fault => self.during_fault.push(snapshot),
            Phase::Recovery => self.after_restore.push(snapshot),
        }
    }

    pub fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        self.during_fault.iter().chain(&self.after_restore)
    }
}

impl InPrometheus {
    /// Reads the answer of `/api/v1/alerts`.
    pub fn read(answer: &Value) -> Option<Self> {
        let alerts = answer["data"]["alerts"].as_array()?;
        let in_state = |state: &str| {
            let alerts = alerts.iter().filter(|alert| alert["state"] == state);
            alerts.map(|alert| Alert::from_object(&alert["labels"])).collect()
        };
        Some(Self {
            pending: in_state("pending"),
            firing: in_state("firing"),
        })
    }
}

impl OnPager {
    /// Reads the answer of `/api/pages`. Pages delivered before `since` are only in `firing`.
    pub fn read(answer: &Value, since: Timestamp) -> Option<Self> {
        let pages = |list: &str| answer[list].as_array();
        let (firing, history) = (pages("firing")?, pages("history")?);
        let is_new = |page: &&Value| {
            let delivered: Option<Timestamp> = page["delivered_at"].as_str().and_then(|at| at.parse().ok());
            delivered.is_some_and(|at| at >= since)
        };
        let delivered_pages = firing.iter().chain(history).filter(is_new);
        Some(Self {
            firing: firing.iter().map(Alert::from_object).collect(),
            delivered: delivered_pages.map(Alert::from_object).collect(),
        })
    }
}
