//! The file of a dashboard, as Grafana writes it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{annotation::Annotation, variable::Variable};

/// A dashboard's file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub uid: Option<String>,
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub refresh: Refresh,
    #[serde(default)]
    pub time: TimeRange,
    #[serde(default)]
    pub graph_tooltip: u8,
    #[serde(default)]
    pub links: Vec<Link>,
    #[serde(default)]
    pub templating: List<Variable>,
    #[serde(default)]
    pub annotations: List<Annotation>,
    pub panels: Vec<Value>,
    #[serde(default, rename = "tags")]
    _tags: Vec<String>,
    #[serde(default, rename = "timezone")]
    _timezone: Timezone,
}

/// Grafana writes `false` for no refresh.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Refresh {
    Every(String),
    Off(#[expect(dead_code, reason = "only read as a boolean")] bool),
}

impl Default for Refresh {
    fn default() -> Self {
        Self::Every(String::new())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Timezone {
    #[default]
    Browser,
    #[serde(rename = "")]
    Unset,
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

#[derive(Debug, Deserialize)]
pub struct List<T> {
    #[serde(default = "Vec::new")]
    pub list: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

/// A link at the top of a dashboard.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    title: String,
    #[serde(rename = "type")]
    kind: LinkKind,
    url: String,
    #[serde(default)]
    tooltip: String,
    #[serde(default)]
    keep_time: bool,
    #[serde(default)]
    include_vars: bool,
    #[serde(default)]
    target_blank: bool,
    #[serde(default, rename = "icon", skip_serializing)]
    _icon: String,
    #[serde(default, rename = "asDropdown", skip_serializing)]
    _as_dropdown: Value,
    #[serde(default, rename = "tags", skip_serializing)]
    _tags: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    Link,
}
