//! Template variables.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A template variable.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    name: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(rename = "type")]
    kind: VariableKind,
    #[serde(default)]
    query: Query,
    /// 0: shown, 1: without its label, 2: not at all.
    #[serde(default)]
    hide: u8,
    #[serde(default)]
    multi: bool,
    #[serde(default)]
    include_all: bool,
    #[serde(default)]
    all_value: Option<String>,
    #[serde(default)]
    regex: String,
    /// 0 keeps the order; 1 and 2 sort by alphabet, 3 and 4 by number, the even ones downwards.
    #[serde(default)]
    sort: u8,
    #[serde(default)]
    current: Current,
    #[serde(default, rename = "datasource", skip_serializing)]
    _datasource: Value,
    #[serde(default, rename = "refresh", skip_serializing)]
    _refresh: u8,
    #[serde(default, rename = "options", skip_serializing)]
    _options: Vec<Value>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum VariableKind {
    Datasource,
    Query,
    Custom,
    Interval,
    Constant,
    Textbox,
}

/// The query: a text or, as newer versions of Grafana write it, an object that contains the text.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Query {
    Text(String),
    Object { query: String },
}

impl Default for Query {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// The selected value: one, or several of a variable with `multi`.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Current {
    #[serde(default)]
    value: Value,
    #[serde(default, rename = "text", skip_serializing)]
    _text: Value,
    #[serde(default, rename = "selected", skip_serializing)]
    _selected: Option<bool>,
}
