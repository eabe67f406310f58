//! How values are shown: unit, color and thresholds.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::overrides::Override;

/// The units that assets/units.js formats.
pub const UNITS: [&str; 25] = [
    "",
    "none",
    "short",
    "string",
    "percent",
    "percentunit",
    "s",
    "ms",
    "µs",
    "ns",
    "bytes",
    "decbytes",
    "kbytes",
    "mbytes",
    "Bps",
    "binBps",
    "ops",
    "reqps",
    "rps",
    "wps",
    "iops",
    "cps",
    "hertz",
    "dateTimeAsIso",
    "bool_yes_no",
];

/// How values are shown.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct FieldConfig<C: Default> {
    #[serde(default = "Defaults::default")]
    defaults: Defaults<C>,
    #[serde(default, skip_serializing)]
    overrides: Vec<Value>,
    /// Those of the overrides that the console has.
    #[serde(skip_deserializing, rename(serialize = "overrides"))]
    known_overrides: Vec<Override>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Defaults<C: Default> {
    #[serde(default)]
    unit: String,
    decimals: Option<u8>,
    min: Option<f64>,
    max: Option<f64>,
    display_name: Option<String>,
    no_value: Option<String>,
    /// `null`: as its type of panel has it.
    color: Option<Color>,
    #[serde(default)]
    thresholds: Thresholds,
    #[serde(default)]
    custom: C,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Color {
    mode: ColorMode,
    fixed_color: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum ColorMode {
    Thresholds,
    PaletteClassic,
    PaletteClassicByName,
    Fixed,
    Shades,
}

#[derive(Debug, Default, Deserialize, Serialize)]
struct Thresholds {
    #[serde(default)]
    mode: ThresholdsMode,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum ThresholdsMode {
    #[default]
    Absolute,
    Percentage,
}

#[derive(Debug, Deserialize, Serialize)]
struct Step {
    color: String,
    /// `null` for the lowest step.
    value: Option<f64>,
}

impl<C: Default> FieldConfig<C> {
    /// Reads the overrides, and returns what the console does not have of them.
    pub fn read_overrides(&mut self) -> Vec<String> {
        let mut unknown = Vec::new();
        for (number, source) in self.overrides.iter().enumerate() {
            let wrong = match Override::read(source) {
                Ok((known, wrong)) => {
                    self.known_overrides.push(known);
                    wrong
                }
                Err(reason) => vec![reason],
            };
            unknown.extend(
                wrong
                    .iter()
                    .map(|what| format!("fieldConfig.overrides.{number}: {what}")),
            );
        }
        unknown
    }
}
