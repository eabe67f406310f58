//! The course of an alert: what must be seen of it, one after the other, from the fault to the end.

use std::{fmt, time::Duration};

use serde::Serialize;

use crate::{
    alert::Alert,
    snapshot::{Phase, Recording, Snapshot},
};

/// Something that is to be seen of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// Its condition holds; it waits.
    Pending,
    /// Prometheus fires it.
    Firing,
    /// The dashboards' annotations show it.
    Drawn,
    /// The pager has it.
    Delivered,
    /// Prometheus does not fire it any more.
    Resolved,
    /// The pager knows that it is over.
    Over,
}

/// Which way an alert takes.
#[derive(Clone, Copy, Debug)]
pub enum Course {
    /// The whole way, from the rule to the pager.
    Told,
    /// It fires, but Alertmanager is away, so the pager is not expected to learn of it.
    Untold,
    /// The pager raises it by itself, because no rule can.
    ByPager,
}

impl Course {
    /// What must be seen in this phase.
    pub const fn milestones(self, phase: Phase) -> &'static [Milestone] {
        use Milestone::{Delivered, Drawn, Firing, Over, Pending, Resolved};
        match (self, phase) {
            (Self::Told, Phase::Broken) => &[Pending, Firing, Drawn, Delivered],
            (Self::Told, Phase::Mended) => &[Resolved, Over],
            (Self::Untold, Phase::Broken) => &[Pending, Firing, Drawn],
            (Self::Untold, Phase::Mended) => &[Resolved],
            (Self::ByPager, Phase::Broken) => &[Delivered],
            (Self::ByPager, Phase::Mended) => &[Over],
        }
    }
}

impl Milestone {
    /// When it was first seen of this alert: from the fault, or from the mending for those of the end. An end is one only
    /// where there was a beginning.
    pub fn seen(self, alert: &Alert, recording: &Recording) -> Option<Duration> {
        if !self.can_be_seen(alert, recording) {
            return None;
        }
        let phase = if self.beginning().is_some() {
            Phase::Mended
        } else {
            Phase::Broken
        };
        recording
            .of(phase)
            .iter()
            .find(|snapshot| self.is_in(alert, snapshot))
            .map(|snapshot| snapshot.at)
    }

    /// Whether what it ends, if it ends something, had a beginning.
    pub fn can_be_seen(self, alert: &Alert, recording: &Recording) -> bool {
        self.beginning()
            .is_none_or(|beginning| beginning.seen(alert, recording).is_some())
    }

    const fn beginning(self) -> Option<Self> {
        match self {
            Self::Resolved => Some(Self::Firing),
            Self::Over => Some(Self::Delivered),
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
            Self::Over => pager.is_some_and(|pager| !pager.firing.contains(alert)),
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
            Self::Over => "over on the pager",
        })
    }
}
