//! A link at the top of a dashboard.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A link to an address.
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

/// A list of the dashboards with some tags, `dashboards`, is not shown.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum LinkKind {
    Link,
}
