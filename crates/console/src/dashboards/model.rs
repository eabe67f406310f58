//! A dashboard.

use serde::Serialize;
use serde_json::Value;

use super::{
    annotation::Annotation,
    link::Link,
    panel::Panel,
    source::{Refresh, Source, TimeRange},
    strict,
    variable::Variable,
};

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

impl Dashboard {
    /// Parses a file's text. Returns the line and the reason if that is not possible.
    pub fn parse(text: &str, default_uid: &str) -> Result<Self, (usize, String)> {
        // First as its type, because only the text has lines.
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let source: Source = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let reason = reason_of(error.inner());
            (error.inner().line(), strict::at(error.path(), reason))
        })?;
        deserializer.end().map_err(|error| (error.line(), reason_of(&error)))?;
        let value: Value = serde_json::from_str(text).map_err(|error| (error.line(), reason_of(&error)))?;
        let (_, mut problems) = strict::read::<Source>(&value).map_err(|reason| (1, reason))?;
        if !matches!(source.timezone.as_str(), "" | "browser") {
            let zone = &source.timezone;
            problems.push(format!("timezone: found '{zone}', times are in that of the browser"));
        }
        let annotations: Vec<Value> = source.annotations.list.into_iter().filter(Annotation::is_own).collect();
        let mut variables = source.templating.list;
        for variable in &mut variables {
            fill_in_constant(variable, &source.inputs);
        }
        Ok(Self {
            uid: source.uid.unwrap_or_else(|| default_uid.to_owned()),
            title: source.title,
            description: source.description.unwrap_or_default(),
            refresh: match source.refresh {
                Some(Refresh::Every(interval)) => interval,
                Some(Refresh::Off(_)) | None => String::new(),
            },
            time: source.time,
            shared_crosshair: source.graph_tooltip > 0,
            links: strict::read_each("link", "title", &source.links, &mut problems),
            variables: strict::read_each("variable", "name", &variables, &mut problems),
            annotations: strict::read_each("annotation", "name", &annotations, &mut problems),
            panels: source.panels.iter().map(Panel::read).collect(),
            problems,
        })
    }

    /// Returns the number of things that are not drawn.
    pub fn problem_count(&self) -> usize {
        self.problems.len() + self.panels.iter().map(Panel::problem_count).sum::<usize>()
    }
}

/// Gives a constant of an export for sharing the value that it was exported with.
fn fill_in_constant(variable: &mut Value, inputs: &[Value]) {
    if variable["type"] != "constant" {
        return;
    }
    let query = variable["query"].as_str().unwrap_or_default();
    let name = query.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let input = inputs
        .iter()
        .find(|input| input["type"] == "constant" && input["name"].as_str() == name);
    if let Some(input) = input {
        variable["query"] = input["value"].clone();
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
