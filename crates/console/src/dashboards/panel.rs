//! Panels and rows.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    data_source,
    field::{FieldConfig, UNITS},
    options::{HeatmapCustom, HeatmapOptions, NoCustom, StatOptions, TimeSeriesCustom, TimeSeriesOptions},
    strict,
};

/// A panel, as the pages get it: drawn as far as the console knows it, with the names of what it does not know.
#[derive(Debug, Serialize)]
pub struct Panel {
    /// `null` if it cannot be drawn: the problems say why.
    model: Option<Value>,
    title: String,
    #[serde(rename = "gridPos")]
    grid_pos: GridPos,
    problems: Vec<String>,
    /// The panels of a row that is folded.
    panels: Vec<Panel>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Model<O, C: Default> {
    id: u64,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    grid_pos: GridPos,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    targets: Vec<Target>,
    #[serde(default = "FieldConfig::default")]
    field_config: FieldConfig<C>,
    options: O,
    #[serde(default, rename = "datasource", skip_serializing)]
    _datasource: Value,
}

#[derive(Debug, Deserialize, Serialize)]
struct Row {
    id: u64,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    collapsed: bool,
    #[serde(rename = "gridPos")]
    grid_pos: GridPos,
    #[serde(default, skip_serializing)]
    panels: Vec<Value>,
    #[serde(default, rename = "datasource", skip_serializing)]
    _datasource: Value,
}

/// Position and size on a grid of 24 columns.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
struct GridPos {
    x: u32,
    y: u32,
    w: u32,
    h: u32,
}

/// A link of a panel, such as to a runbook.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    title: String,
    url: String,
    #[serde(default)]
    target_blank: bool,
}

/// A query of a panel.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    ref_id: String,
    expr: String,
    #[serde(default)]
    legend_format: String,
    #[serde(default)]
    instant: bool,
    #[serde(default)]
    hide: bool,
    /// Lower limit of the step, such as `15s`.
    #[serde(default)]
    interval: String,
    #[serde(default, rename = "range", skip_serializing)]
    _range: bool,
    #[serde(default, rename = "format", skip_serializing)]
    _format: Format,
    #[serde(default, rename = "datasource", skip_serializing)]
    _datasource: Value,
}

/// Heatmap queries answer a series for each bucket, as every other.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    TimeSeries,
    Heatmap,
}

impl Panel {
    /// Reads a panel. Does not fail: what is wrong is among the problems.
    pub fn read(value: &Value) -> Self {
        let kind = value["type"].as_str().unwrap_or("(none)");
        let mut nested = Vec::new();
        let outcome = match kind {
            "row" => read_row(value, &mut nested),
            "stat" => read_as::<StatOptions, NoCustom>(value),
            "timeseries" => read_as::<TimeSeriesOptions, TimeSeriesCustom>(value),
            "heatmap" => read_as::<HeatmapOptions, HeatmapCustom>(value),
            _ => Err(format!(
                "type: found '{kind}', expected row, stat, timeseries or heatmap"
            )),
        };
        let (model, mut problems) = match outcome {
            Ok((model, problems)) => (Some(model), problems),
            Err(reason) => (None, vec![reason]),
        };
        problems.extend(unknown_units(value));
        problems.extend(data_source::foreign("datasource", &value["datasource"]));
        for (number, target) in value["targets"].as_array().into_iter().flatten().enumerate() {
            let place = format!("targets.{number}.datasource");
            problems.extend(data_source::foreign(&place, &target["datasource"]));
        }
        Self {
            model,
            title: value["title"].as_str().unwrap_or_default().to_owned(),
            grid_pos: serde_json::from_value(value["gridPos"].clone()).unwrap_or_default(),
            problems,
            panels: nested,
        }
    }

    /// Returns the number of things that are not drawn, in its own panels too.
    pub fn problem_count(&self) -> usize {
        self.problems.len() + self.panels.iter().map(Self::problem_count).sum::<usize>()
    }
}

type Outcome = Result<(Value, Vec<String>), String>;

fn read_as<O: DeserializeOwned + Serialize, C: Default + DeserializeOwned + Serialize>(value: &Value) -> Outcome {
    let mut value = value.clone();
    if value["options"].is_null() {
        value["options"] = Value::Object(serde_json::Map::new());
    }
    let (mut model, mut unknown) = strict::read::<Model<O, C>>(&value)?;
    unknown.extend(model.field_config.read_overrides());
    Ok((serde_json::to_value(model).map_err(|error| error.to_string())?, unknown))
}

fn read_row(value: &Value, nested: &mut Vec<Panel>) -> Outcome {
    let (row, unknown) = strict::read::<Row>(value)?;
    nested.extend(row.panels.iter().map(Panel::read));
    Ok((serde_json::to_value(row).map_err(|error| error.to_string())?, unknown))
}

/// Where a panel says a unit, apart from its overrides.
const UNIT_PLACES: [&str; 3] = [
    "/fieldConfig/defaults/unit",
    "/options/cellValues/unit",
    "/options/yAxis/unit",
];

/// Names the units that are shown as plain numbers.
fn unknown_units(panel: &Value) -> Vec<String> {
    let own = UNIT_PLACES
        .iter()
        .filter_map(|place| Some((place[1..].replace('/', "."), panel.pointer(place)?.as_str()?)));
    let overrides = panel.pointer("/fieldConfig/overrides").and_then(Value::as_array);
    let overridden = overrides.into_iter().flatten().enumerate().flat_map(|(number, one)| {
        let properties = one["properties"].as_array().into_iter().flatten();
        properties
            .filter(|property| property["id"] == "unit")
            .filter_map(move |property| {
                Some((
                    format!("fieldConfig.overrides.{number}.unit"),
                    property["value"].as_str()?,
                ))
            })
    });
    own.chain(overridden)
        .filter(|(_, unit)| !UNITS.contains(unit))
        .map(|(place, unit)| format!("{place}: '{unit}' is shown as a plain number"))
        .collect()
}
