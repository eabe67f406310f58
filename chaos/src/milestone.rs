//! The milestones of an alert, from the fault to its end.

use std::{fmt, time::Duration};

use serde::Serialize;

use crate::{
    alert::Alert,
    snapshot::{Phase, Recording, Snapshot},
};

/// A state that an alert must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// Its condition is true, and its `for` is running.
    Pending,
    /// Firing in Prometheus.
    Firing,
    /// Shown by the dashboards' annotations.
    Drawn,
    /// Firing on the pager.
    Delivered,
    /// No longer firing in Prometheus.
    Resolved,
    /// No longer firing on the pager.
    Cleared,
}

/// The path that an alert takes.
#[derive(Clone, Copy, Debug)]
pub enum Course {
    /// From the rule to the pager.
    Delivered,
    /// It fires, but Alertmanager is down, so it never reaches the pager.
    Undelivered,
    /// The pager raises it itself, because no rule can.
    ByPager,
}

impl Course {
    /// Returns the milestones of this phase.
    pub const fn milestones(self, phase: Phase) -> &'static [Milestone] {
        use Milestone::{Cleared, Delivered, Drawn, Firing, Pending, Resolved};
        match (self, phase) {
            (Self::Delivered, Phase::Fault) => &[Pending, Firing, Drawn, Delivered],
            (Self::Delivered, Phase::Recovery) => &[Resolved, Cleared],
            (Self::Undelivered, Phase::Fault) => &[Pending, Firing, Drawn],
            (Self::Undelivered, Phase::Recovery) => &[Resolved],
            (Self::ByPager, Phase::Fault) => &[Delivered],
            (Self::ByPager, Phase::Recovery) => &[Cleared],
        }
    }
}

impl Milestone {
    /// Returns when the alert first reached it, since the fault or since the restore. An end counts only after its
    /// beginning.
    pub fn seen(self, alert: &Alert, recording: &Recording) -> Option<Duration> {
        if !self.can_be_seen(alert, recording) {
            return None;
        }
        let phase = if self.beginning().is_some() {
            Phase::Recovery
        } else {
            Phase::Fault
        };
        recording
            .of(phase)
            .iter()
            .find(|snapshot| self.is_in(alert, snapshot))
            .map(|snapshot| snapshot.at)
    }

    /// Returns whether its beginning was seen, for a milestone that ends something.
    pub fn can_be_seen(self, alert: &Alert, recording: &Recording) -> bool {
        self.beginning()
            .is_none_or(|beginning| beginning.seen(alert, recording).is_some())
    }

    const fn beginning(self) -> Option<Self> {
        match self {
            Self::Resolved => Some(Self::Firing),
            Self::Cleared => Some(Self::Delivered),
            Self::Pending | Self::Firing | Self::Drawn | Self::Delivered => None,
        }
    }

    fn is_in(self, alert: &Alert, snapshot: &Snapshot) -> bool {
        let prometheus = snapshot.prometheus.as_ref();
        let pager = snapshot.pager.as_ref();
        match self {
            Self::Pending => prometheus.is_some_and(|prometheus| prometheus.pending.contains(alert)),
            Self::Firing => prometheus.is_some_and(|prometheus| prometheus.firing.contains(alert)),
            Self::Drawn => snapshot.drawn.contains(alert),
            Self::Delivered => pager.is_some_and(|pager| pager.firing.contains(alert)),
            Self::Resolved => prometheus.is_some_and(|prometheus| !prometheus.firing.contains(alert)),
            Self::Cleared => pager.is_some_and(|pager| !pager.firing.contains(alert)),
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Drawn => "drawn by the dashboards",
            Self::Delivered => "on the pager",
            Self::Resolved => "resolved",
            Self::Cleared => "cleared on the pager",
        })
    }
}
