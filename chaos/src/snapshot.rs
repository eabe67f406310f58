//! What the stack says at one moment, and the recording of a whole scenario, which is judged afterwards.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use serde_json::Value;

use crate::{alert::Alert, counter::Call};

/// What Prometheus says of the alerts.
#[derive(Debug, Default)]
pub struct InPrometheus {
    pub pending: BTreeSet<Alert>,
    pub firing: BTreeSet<Alert>,
}

/// What the pager says.
#[derive(Debug, Default)]
pub struct OnPager {
    pub firing: BTreeSet<Alert>,
    /// What it was told of since the fault, whether it still fires or not.
    pub told: BTreeSet<Alert>,
}

/// What the stack says at one moment. A part that does not answer says nothing.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// Since the fault, or since the mending.
    pub at: Duration,
    pub prometheus: Option<InPrometheus>,
    pub pager: Option<OnPager>,
    /// What the annotations of every dashboard that is about it show.
    pub drawn: BTreeSet<Alert>,
}

/// The two phases of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Broken,
    Mended,
}

/// All that was seen in a scenario.
#[derive(Debug, Default)]
pub struct Recording {
    pub broken: Vec<Snapshot>,
    pub mended: Vec<Snapshot>,
    /// Every call to /counter.
    pub calls: Vec<Call>,
    /// How long it took until the steady state was back, from the mending; or what was still wrong.
    pub steady_again: Option<Result<Duration, String>>,
    /// Whether the annotation of the fault showed it; or what was not so.
    pub annotated: Option<Result<(), String>>,
    /// Whether warnings were held back; or what was not so.
    pub held_back: Option<Result<(), String>>,
    /// What went wrong with the proof itself, such as a fault that could not be made.
    pub trouble: Vec<String>,
}

impl Recording {
    pub fn of(&self, phase: Phase) -> &[Snapshot] {
        match phase {
            Phase::Broken => &self.broken,
            Phase::Mended => &self.mended,
        }
    }

    pub fn add(&mut self, phase: Phase, snapshot: Snapshot) {
        match phase {
            Phase::Broken => self.broken.push(snapshot),
            Phase::Mended => self.mended.push(snapshot),
        }
    }

    pub fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        self.broken.iter().chain(&self.mended)
    }
}

impl InPrometheus {
    /// Reads the answer of `/api/v1/alerts`.
    pub fn read(answer: &Value) -> Option<Self> {
        let alerts = answer["data"]["alerts"].as_array()?;
        let in_state = |state: &str| {
            let alerts = alerts.iter().filter(|alert| alert["state"] == state);
            alerts.map(|alert| Alert::in_object(&alert["labels"])).collect()
        };
        Some(Self {
            pending: in_state("pending"),
            firing: in_state("firing"),
        })
    }
}

impl OnPager {
    /// Reads the answer of `/api/pages`. What the pager was told of before `since` is no news.
    pub fn read(answer: &Value, since: Timestamp) -> Option<Self> {
        let pages = |list: &str| answer[list].as_array();
        let (firing, history) = (pages("firing")?, pages("history")?);
        let is_news = |page: &&Value| {
            let delivered: Option<Timestamp> = page["delivered_at"].as_str().and_then(|at| at.parse().ok());
            delivered.is_some_and(|at| at >= since)
        };
        let told = firing.iter().chain(history).filter(is_news);
        Some(Self {
            firing: firing.iter().map(Alert::in_object).collect(),
            told: told.map(Alert::in_object).collect(),
        })
    }
}
