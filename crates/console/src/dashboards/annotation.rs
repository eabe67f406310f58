//! A query whose results are drawn across the panels.

use serde::{Deserialize, Serialize};

/// An annotation query.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Annotation {
    name: String,
    #[serde(default)]
    enable: bool,
    #[serde(default)]
    hide: bool,
    #[serde(default = "default_color")]
    icon_color: String,
    #[serde(default)]
    expr: String,
    #[serde(default)]
    title_format: String,
    #[serde(default)]
    text_format: String,
    #[serde(default, rename = "step", skip_serializing)]
    _step: String,
    #[serde(default, skip_serializing)]
    built_in: u8,
    #[serde(default, rename = "datasource", skip_serializing)]
    _datasource: serde_json::Value,
    #[serde(default, rename = "type", skip_serializing)]
    _kind: String,
    #[serde(default, rename = "target", skip_serializing)]
    _target: serde_json::Value,
}

fn default_color() -> String {
    "red".to_owned()
}

impl Annotation {
    /// Whether it is Grafana's built-in query of annotations that are made in its pages: there are none here.
    pub const fn is_grafanas_own(&self) -> bool {
        self.built_in != 0
    }
}
