//! Prometheus rules and their unit tests, read from `prometheus/`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};

use crate::repository;

/// A recording or alerting rule.
#[derive(Debug, Deserialize)]
pub struct Rule {
    pub record: Option<String>,
    pub alert: Option<String>,
    pub expr: String,
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

impl Rule {
    /// Returns the name of the recorded metric or of the alert.
    pub fn name(&self) -> &str {
        self.record
            .as_deref()
            .or(self.alert.as_deref())
            .expect("a rule records or alerts")
    }
}

#[derive(Debug, Deserialize)]
struct RuleFile {
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

/// A file of unit tests.
#[derive(Debug, Deserialize)]
pub struct TestFile {
    pub tests: Vec<RuleTest>,
}

/// A unit test.
#[derive(Debug, Deserialize)]
pub struct RuleTest {
    pub name: String,
    #[serde(default)]
    pub input_series: Vec<InputSeries>,
}

/// An input series of a unit test.
#[derive(Debug, Deserialize)]
pub struct InputSeries {
    pub series: String,
}

/// Returns all rules with their files, in the order of evaluation.
pub fn all() -> Vec<(PathBuf, Rule)> {
    repository::files("prometheus/rules", "yml")
        .into_iter()
        .flat_map(|path| {
            let RuleFile { groups } = parse(&path);
            let rules = groups.into_iter().flat_map(|group| group.rules);
            rules.map(move |rule| (path.clone(), rule))
        })
        .collect()
}

/// Returns all files of unit tests.
pub fn tests() -> Vec<(PathBuf, TestFile)> {
    repository::files("prometheus/tests", "yml")
        .into_iter()
        .map(|path| {
            let tests = parse(&path);
            (path, tests)
        })
        .collect()
}

fn parse<T: DeserializeOwned>(path: &Path) -> T {
    serde_saphyr::from_str(&repository::read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
