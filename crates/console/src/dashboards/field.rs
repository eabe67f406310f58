//! How values are shown: unit, color, thresholds, and overrides for single series.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::options::{AxisPlacement, DrawStyle, HideFrom, LineInterpolation, LineStyle, Stacking};

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
    #[serde(default)]
    overrides: Vec<Override>,
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
    #[serde(default)]
    color: Color,
    #[serde(default)]
    thresholds: Thresholds,
    #[serde(default)]
    custom: C,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Color {
    mode: ColorMode,
    fixed_color: Option<String>,
}

impl Default for Color {
    fn default() -> Self {
        Self {
            mode: ColorMode::Thresholds,
            fixed_color: None,
        }
    }
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

#[derive(Debug, Deserialize, Serialize)]
struct Override {
    matcher: Matcher,
    properties: Vec<Value>,
}

/// Which series an override is for.
#[derive(Debug, Deserialize, Serialize)]
struct Matcher {
    id: MatcherId,
    options: Value,
}

#[derive(Debug, Deserialize, Serialize)]
enum MatcherId {
    #[serde(rename = "byName")]
    Name,
    #[serde(rename = "byRegexp")]
    Regexp,
    #[serde(rename = "byFrameRefID")]
    FrameRefId,
}

/// What an override can change.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "id", content = "value", deny_unknown_fields)]
enum Property {
    #[serde(rename = "color")]
    Color(Color),
    #[serde(rename = "unit")]
    Unit(String),
    #[serde(rename = "decimals")]
    Decimals(Option<u8>),
    #[serde(rename = "displayName")]
    DisplayName(String),
    #[serde(rename = "custom.drawStyle")]
    DrawStyle(DrawStyle),
    #[serde(rename = "custom.lineInterpolation")]
    LineInterpolation(LineInterpolation),
    #[serde(rename = "custom.lineWidth")]
    LineWidth(f64),
    #[serde(rename = "custom.lineStyle")]
    LineStyle(LineStyle),
    #[serde(rename = "custom.fillOpacity")]
    FillOpacity(f64),
    #[serde(rename = "custom.stacking")]
    Stacking(Stacking),
    #[serde(rename = "custom.axisPlacement")]
    AxisPlacement(AxisPlacement),
    #[serde(rename = "custom.hideFrom")]
    HideFrom(HideFrom),
}

impl<C: Default> FieldConfig<C> {
    /// Removes the properties that the console does not have, and returns their names.
    pub fn check_overrides(&mut self) -> Vec<String> {
        let mut unknown = Vec::new();
        for (number, one) in self.overrides.iter_mut().enumerate() {
            one.properties.retain(|property| {
                let outcome = serde_json::from_value::<Property>(property.clone());
                if let Err(error) = &outcome {
                    let id = property["id"].as_str().unwrap_or("(no id)");
                    unknown.push(format!("fieldConfig.overrides.{number}: {id}: {error}"));
                }
                outcome.is_ok()
            });
        }
        unknown
    }
}
