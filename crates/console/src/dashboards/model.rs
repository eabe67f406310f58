//! A dashboard.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{annotation::Annotation, panel::Panel, strict, variable::Variable};

/// A dashboard, as the pages get it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dashboard {
    pub uid: String,
    pub title: String,
    pub description: String,
    refresh: String,
    time: TimeRange,
    shared_crosshair: bool,
    links: Vec<Link>,
    variables: Vec<Variable>,
    annotations: Vec<Annotation>,
    panels: Vec<Panel>,
    /// What of the dashboard, outside its panels, the console does not draw.
    problems: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    uid: Option<String>,
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    refresh: Refresh,
    #[serde(default)]
    time: TimeRange,
    #[serde(default)]
    graph_tooltip: u8,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    templating: List<Variable>,
    #[serde(default)]
    annotations: List<Annotation>,
    panels: Vec<Value>,
    #[serde(default, rename = "tags")]
    _tags: Vec<String>,
    #[serde(default, rename = "timezone")]
    _timezone: Timezone,
}

/// Grafana writes `false` for no refresh.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Refresh {
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
enum Timezone {
    #[default]
    Browser,
    #[serde(rename = "")]
    Unset,
}

#[derive(Debug, Deserialize, Serialize)]
struct TimeRange {
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
struct List<T> {
    #[serde(default = "Vec::new")]
    list: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

/// A link at the top of a dashboard.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Link {
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
enum LinkKind {
    Link,
}

impl Dashboard {
    /// Parses a file's text. Returns the line and the reason if that is not possible.
    pub fn parse(text: &str, default_uid: &str) -> Result<Self, (usize, String)> {
        // First as its type, because only the text has lines.
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let source: Source = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let line = error.inner().line();
            let path = error.path().to_string();
            let reason = reason_of(error.inner());
            (
                line,
                if path == "." {
                    reason
                } else {
                    format!("{path}: {reason}")
                },
            )
        })?;
        deserializer.end().map_err(|error| (error.line(), reason_of(&error)))?;
        let value: Value = serde_json::from_str(text).map_err(|error| (error.line(), reason_of(&error)))?;
        let (_, problems) = strict::read::<Source>(&value).map_err(|reason| (1, reason))?;
        Ok(Self {
            uid: source.uid.unwrap_or_else(|| default_uid.to_owned()),
            title: source.title,
            description: source.description,
            refresh: match source.refresh {
                Refresh::Every(interval) => interval,
                Refresh::Off(_) => String::new(),
            },
            time: source.time,
            shared_crosshair: source.graph_tooltip > 0,
            links: source.links,
            variables: source.templating.list,
            annotations: source
                .annotations
                .list
                .into_iter()
                .filter(|it| !it.is_grafanas_own())
                .collect(),
            panels: source.panels.iter().map(Panel::read).collect(),
            problems,
        })
    }

    /// Returns the number of things that are not drawn.
    pub fn problem_count(&self) -> usize {
        self.problems.len() + self.panels.iter().map(Panel::problem_count).sum::<usize>()
    }
}

/// The error's text without its place, which is reported separately.
fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((reason, _)) => format!("{reason} (column {})", error.column()),
        None => text,
    }
}
