//! Identity of incidents.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most ended incidents that are remembered. An older one that is notified again would count as new.
const MAX_ENDED: usize = 10_000;

/// What identifies an incident: the alert's labels, as a hash, and the time from which it fires.
///
/// The hash alone identifies the alert, which may fire many times.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub struct IncidentId {
    pub fingerprint: String,
    pub started_at: Timestamp,
}

impl IncidentId {
    /// Returns the identity as one string, for receivers that tell incidents apart by one.
    pub fn key(&self) -> String {
        format!("{}@{}", self.fingerprint, self.started_at)
    }
}

/// The incidents that ended last, so that a late notification neither reopens nor repeats one.
#[derive(Clone, Debug, Default)]
pub struct EndedIncidents {
    ids: HashSet<IncidentId>,
    oldest_first: VecDeque<IncidentId>,
}

impl EndedIncidents {
    pub fn contains(&self, id: &IncidentId) -> bool {
        self.ids.contains(id)
    }

    pub fn insert(&mut self, id: IncidentId) {
        if !self.ids.insert(id.clone()) {
            return;
        }
        self.oldest_first.push_back(id);
        if self.oldest_first.len() > MAX_ENDED {
            self.oldest_first.pop_front().inspect(|oldest| {
                self.ids.remove(oldest);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let id = |second| IncidentId {
            fingerprint: "a".to_owned(),
            started_at: Timestamp::from_second(second).expect("a time"),
        };
        let mut ended = EndedIncidents::default();
        for second in 0..=MAX_ENDED as i64 {
            ended.insert(id(second));
            ended.insert(id(second));
        }
        assert!(!ended.contains(&id(0)));
        assert!(ended.contains(&id(1)));
        assert_eq!(ended.ids.len(), MAX_ENDED);
    }
}
