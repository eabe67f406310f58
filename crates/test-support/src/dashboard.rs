//! Grafana dashboards, read from `grafana/source/dashboards/`.

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use regex::{Captures, Regex};
use serde::Deserialize;

use crate::repository;

/// Values of Grafana's built-in variables at a scrape interval of 5 s.
const BUILT_IN: [(&str, &str); 3] = [("__rate_interval", "20s"), ("__interval", "5s"), ("__range", "900s")];

/// A dashboard.
#[derive(Debug, Deserialize)]
pub struct Dashboard {
    #[serde(skip)]
    pub file: PathBuf,
    pub id: Option<u64>,
    pub uid: String,
    pub title: String,
    pub editable: bool,
    pub links: Vec<Link>,
    templating: List<Variable>,
    annotations: List<Annotation>,
    panels: Vec<Panel>,
}

/// A link at the top of a dashboard, or of a panel.
#[derive(Debug, Deserialize)]
pub struct Link {
    pub title: String,
    pub url: String,
}

#[derive(Debug, Deserialize)]
struct List<T> {
    list: Vec<T>,
}

/// A template variable.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    pub name: String,
    pub label: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub query: String,
    /// When Grafana runs the query again. Absent where there is no query.
    #[serde(default)]
    pub refresh: u8,
    /// 0: shown, 1: without its label, 2: not at all.
    #[serde(default)]
    pub hide: u8,
    /// What takes the variable's place where All is selected. Absent where that cannot be selected.
    pub all_value: Option<String>,
    pub datasource: Option<DataSource>,
}

/// A query whose results Grafana draws across the panels.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Annotation {
    pub name: String,
    pub expr: String,
    pub title_format: String,
    pub text_format: String,
    pub datasource: DataSource,
}

/// A panel, or a row that holds panels.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    pub id: u64,
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub grid_pos: GridPos,
    pub datasource: Option<DataSource>,
    #[serde(default)]
    pub links: Vec<Link>,
    #[serde(default)]
    pub targets: Vec<Target>,
    #[serde(default)]
    pub field_config: serde_json::Value,
    #[serde(default)]
    pub options: serde_json::Value,
    #[serde(default)]
    panels: Vec<Panel>,
}

/// Position and size of a panel on a grid of 24 columns.
#[derive(Debug, Deserialize)]
pub struct GridPos {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

/// The data source of a query.
#[derive(Debug, Deserialize)]
pub struct DataSource {
    pub uid: String,
}

/// A query of a panel.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    pub ref_id: String,
    pub expr: String,
    pub legend_format: String,
    #[serde(default)]
    pub instant: bool,
    pub datasource: DataSource,
}

impl Dashboard {
    /// Reads all dashboards.
    pub fn all() -> Vec<Self> {
        let files = repository::files("grafana/source/dashboards", "json");
        files.into_iter().map(Self::read).collect()
    }

    fn read(file: PathBuf) -> Self {
        let text = repository::read(&file);
        let dashboard = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self { file, ..dashboard }
    }

    /// All panels and rows, including the panels of a collapsed row.
    pub fn panels(&self) -> impl Iterator<Item = &Panel> {
        self.panels
            .iter()
            .flat_map(|panel| std::iter::once(panel).chain(&panel.panels))
    }

    /// All panels without the rows.
    pub fn drawn_panels(&self) -> impl Iterator<Item = &Panel> {
        self.panels().filter(|panel| panel.kind != "row")
    }

    /// All queries of all panels.
    pub fn targets(&self) -> impl Iterator<Item = (&Panel, &Target)> {
        self.drawn_panels()
            .flat_map(|panel| panel.targets.iter().map(move |target| (panel, target)))
    }

    /// All annotations.
    pub fn annotations(&self) -> &[Annotation] {
        &self.annotations.list
    }

    /// All variables.
    pub fn variables(&self) -> &[Variable] {
        &self.templating.list
    }

    /// The variables whose values come from a query.
    pub fn query_variables(&self) -> impl Iterator<Item = &Variable> {
        self.variables().iter().filter(|variable| variable.kind == "query")
    }

    /// The variables with a fixed list of values.
    pub fn listed_variables(&self) -> impl Iterator<Item = &Variable> {
        self.variables().iter().filter(|variable| variable.kind == "custom")
    }

    /// A value for each variable, to parse queries without running them.
    pub fn any_values(&self) -> BTreeMap<&str, String> {
        let queried = self.query_variables().map(|variable| (variable, "any".to_owned()));
        let listed = self
            .listed_variables()
            .map(|variable| (variable, variable.listed_values()[0].clone()));
        queried
            .chain(listed)
            .map(|(variable, value)| (variable.name.as_str(), value))
            .collect()
    }

    /// File and panel, for assertion messages.
    pub fn place(&self, panel: &Panel) -> String {
        format!("{}, panel {}", self.file.display(), panel.title)
    }
}

impl Variable {
    /// The values of a variable with a fixed list.
    pub fn listed_values(&self) -> Vec<String> {
        self.query.split(',').map(|value| value.trim().to_owned()).collect()
    }

    /// Metric and label of a `label_values(metric, label)` query, the only kind used here.
    pub fn label_values(&self) -> (&str, &str) {
        let arguments = self
            .query
            .strip_prefix("label_values(")
            .and_then(|rest| rest.strip_suffix(')'));
        let Some((metric, label)) = arguments.and_then(|arguments| arguments.rsplit_once(',')) else {
            panic!("variable {}: no label_values(metric, label): {}", self.name, self.query);
        };
        (metric.trim(), label.trim())
    }
}

/// Replaces the variables of a query, including Grafana's built-in ones, by their values.
pub fn fill_in(expr: &str, values: &BTreeMap<&str, String>) -> String {
    static VARIABLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\$(?:(\w+)|\{(\w+)\})").expect("a valid pattern"));
    VARIABLE
        .replace_all(expr, |found: &Captures| {
            let name = found.get(1).or(found.get(2)).expect("one of them matches").as_str();
            let built_in = BUILT_IN.iter().find(|(there, _)| *there == name);
            match (built_in, values.get(name)) {
                (Some((_, value)), _) => (*value).to_owned(),
                (None, Some(value)) => value.clone(),
                (None, None) => panic!("the variable {name} is not defined: {expr}"),
            }
        })
        .into_owned()
}
