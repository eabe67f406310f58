//! The file of a dashboard, as Grafana writes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A dashboard's file. Its parts stay values: each is read by itself, so that one that is unknown spoils no other.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub uid: Option<String>,
    pub title: String,
    pub description: Option<String>,
    pub refresh: Option<Refresh>,
    #[serde(default)]
    pub time: TimeRange,
    #[serde(default)]
    pub graph_tooltip: u8,
    #[serde(default)]
    pub links: Vec<Value>,
    #[serde(default)]
    pub templating: List,
    #[serde(default)]
    pub annotations: List,
    /// What Grafana asks for at the import of an export for sharing.
    #[serde(default, rename = "__inputs")]
    pub inputs: Vec<Value>,
    pub panels: Vec<Value>,
    #[serde(default, rename = "tags")]
    _tags: Vec<String>,
    #[serde(default)]
    pub timezone: String,
}

/// Grafana writes `false` for no refresh.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Refresh {
    Every(String),
    Off(#[expect(dead_code, reason = "only read as a boolean")] bool),
}

#[derive(Debug, Deserialize, Serialize)]
pub struct TimeRange {
    from: String,
    to: String,
}

impl Default for TimeRange {
    fn default() -> Self {
        Self {
            from: "now-6h".to_owned(),
            to: "now".to_owned(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub struct List {
    #[serde(default)]
    pub list: Vec<Value>,
}
