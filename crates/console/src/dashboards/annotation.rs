//! A query whose results are drawn across the panels.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An annotation query.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", try_from = "Source")]
pub struct Annotation {
    name: String,
    /// Whether it is drawn until the reader chooses otherwise.
    enable: bool,
    /// Whether the reader has no choice.
    hide: bool,
    icon_color: String,
    expr: String,
    title_format: String,
    text_format: String,
}

impl Annotation {
    /// Whether it is one of the dashboard: Grafana's built-in one shows notes that are made in its pages.
    pub fn is_own(annotation: &Value) -> bool {
        annotation["builtIn"].as_u64().unwrap_or_default() == 0
    }
}

/// An annotation query as Grafana writes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
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
    target: Target,
    #[serde(default)]
    title_format: String,
    #[serde(default)]
    text_format: String,
    #[serde(default, rename = "step")]
    _step: String,
    #[serde(default, rename = "builtIn")]
    _built_in: u8,
    #[serde(default, rename = "datasource")]
    _datasource: Value,
    #[serde(default, rename = "type")]
    _kind: String,
}

/// Where newer versions of Grafana write the query.
#[derive(Debug, Default, Deserialize)]
struct Target {
    #[serde(default)]
    expr: String,
    #[serde(default, rename = "refId")]
    _ref_id: String,
    #[serde(default, rename = "interval")]
    _interval: String,
}

fn default_color() -> String {
    "red".to_owned()
}

impl TryFrom<Source> for Annotation {
    type Error = &'static str;

    fn try_from(source: Source) -> Result<Self, Self::Error> {
        let expr = [source.expr, source.target.expr]
            .into_iter()
            .find(|expr| !expr.is_empty());
        Ok(Self {
            name: source.name,
            enable: source.enable,
            hide: source.hide,
            icon_color: source.icon_color,
            expr: expr.ok_or("no expr: only queries of Prometheus are drawn")?,
            title_format: source.title_format,
            text_format: source.text_format,
        })
    }
}
