//! Target groups, in the format of `file_sd_configs` and `http_sd_configs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::SocketAddr,
};

use serde::{Serialize, Serializer, ser::SerializeSeq};

/// The labels of a group.
pub type GroupLabels = BTreeMap<&'static str, String>;

/// Targets, grouped by their labels, in a stable order: by labels, then by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetGroups {
    groups: BTreeMap<GroupLabels, BTreeSet<SocketAddr>>,
    skipped: BTreeSet<Skipped>,
}

/// A selected container or service that has no target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The name of the container or the service.
    pub name: String,
    /// Why it has no target.
    pub reason: SkipReason,
}

/// Why a container or service has no target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// No label sets a port, and no TCP port is published.
    NoPort,
    /// The label `prometheus.port` has this value.
    BadPort(String),
    /// It shares the host's network, or is on no network other than the ingress network.
    NoAddress,
}

impl TargetGroups {
    pub(super) fn add(&mut self, labels: GroupLabels, target: SocketAddr) {
        self.groups.entry(labels).or_default().insert(target);
    }

    pub(super) fn skip(&mut self, name: &str, reason: SkipReason) {
        let name = name.to_owned();
        self.skipped.insert(Skipped { name, reason });
    }

    /// Returns the number of targets in all groups.
    pub fn targets(&self) -> usize {
        self.groups.values().map(BTreeSet::len).sum()
    }

    /// Returns the selected containers and services that have no target.
    pub const fn skipped(&self) -> &BTreeSet<Skipped> {
        &self.skipped
    }

    /// Encodes the groups as JSON in one line, `[]` if there are none.
    ///
    /// # Panics
    ///
    /// Never: strings and addresses can always be encoded.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and addresses can be encoded")
    }
}

impl Serialize for TargetGroups {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Group<'a> {
            targets: &'a BTreeSet<SocketAddr>,
            labels: &'a GroupLabels,
        }
        let mut list = serializer.serialize_seq(Some(self.groups.len()))?;
        for (labels, targets) in &self.groups {
            list.serialize_element(&Group { targets, labels })?;
        }
        list.end()
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPort => f.write_str("no label prometheus.port, and no published TCP port"),
            Self::BadPort(text) => write!(
                f,
                "the label prometheus.port is {text:?}; expected a number from 1 to 65535"
            ),
            Self::NoAddress => f.write_str("no address on a reachable network"),
        }
    }
}
