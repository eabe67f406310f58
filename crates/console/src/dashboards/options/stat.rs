//! Options of a stat panel.

use serde::{Deserialize, Serialize};

use super::Calculation;

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatOptions {
    color_mode: ColorMode,
    graph_mode: GraphMode,
    justify_mode: JustifyMode,
    orientation: Orientation,
    text_mode: TextMode,
    reduce_options: ReduceOptions,
}

/// A stat panel has no custom options of its fields.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct NoCustom {}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum ColorMode {
    None,
    #[default]
    Value,
    Background,
    BackgroundSolid,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum GraphMode {
    None,
    #[default]
    Area,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum JustifyMode {
    #[default]
    Auto,
    Center,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Orientation {
    #[default]
    Auto,
    Horizontal,
    Vertical,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum TextMode {
    #[default]
    Auto,
    Value,
    ValueAndName,
    Name,
    None,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(default)]
struct ReduceOptions {
    calcs: Vec<Calculation>,
    #[serde(rename = "fields", skip_serializing)]
    _fields: AllFields,
    #[serde(rename = "values", skip_serializing)]
    _values: Reduced,
}

impl Default for ReduceOptions {
    fn default() -> Self {
        Self {
            calcs: vec![Calculation::LastNotNull],
            _fields: AllFields::Numeric,
            _values: Reduced,
        }
    }
}

#[derive(Debug, Deserialize)]
enum AllFields {
    #[serde(rename = "")]
    Numeric,
}

/// `false`: the values of each series become one. `true`, each value by itself, is not drawn.
#[derive(Debug, Deserialize)]
#[serde(try_from = "bool")]
struct Reduced;

impl TryFrom<bool> for Reduced {
    type Error = &'static str;

    fn try_from(all_values: bool) -> Result<Self, Self::Error> {
        if all_values {
            Err("found true, expected false")
        } else {
            Ok(Self)
        }
    }
}
