//! Options of a heatmap panel.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::series::{AxisPlacement, HideFrom};

/// Options of a heatmap whose queries answer buckets.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeatmapOptions {
    #[serde(default, rename = "calculate", skip_serializing)]
    _calculate: BucketsFromQuery,
    #[serde(default)]
    cell_gap: f64,
    #[serde(default)]
    cell_values: CellValues,
    #[serde(default)]
    color: HeatmapColor,
    #[serde(default)]
    y_axis: YAxis,
    #[serde(default)]
    filter_values: FilterValues,
    #[serde(default, skip_serializing)]
    #[serde(rename = "legend")]
    _legend: HeatmapLegend,
    #[serde(default, rename = "tooltip", skip_serializing)]
    _tooltip: HeatmapTooltip,
    #[serde(default, rename = "rowsFrame", skip_serializing)]
    _rows_frame: Value,
    #[serde(default, rename = "exemplars", skip_serializing)]
    _exemplars: Value,
    #[serde(default, rename = "showValue", skip_serializing)]
    _show_value: Value,
}

/// `false`: the query answers buckets. `true`, buckets computed from values, is not drawn.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "bool")]
struct BucketsFromQuery;

impl TryFrom<bool> for BucketsFromQuery {
    type Error = &'static str;

    fn try_from(calculate: bool) -> Result<Self, Self::Error> {
        if calculate {
            Err("found true, expected false")
        } else {
            Ok(Self)
        }
    }
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct CellValues {
    unit: String,
    decimals: Option<u8>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(default)]
struct HeatmapColor {
    #[serde(rename = "mode", skip_serializing)]
    _mode: ByScheme,
    scheme: Scheme,
    scale: Scale,
    exponent: f64,
    steps: u16,
    reverse: bool,
    #[serde(rename = "fill", skip_serializing)]
    _fill: String,
}

impl Default for HeatmapColor {
    fn default() -> Self {
        Self {
            _mode: ByScheme::Scheme,
            scheme: Scheme::Oranges,
            scale: Scale::Exponential,
            exponent: 0.5,
            steps: 64,
            reverse: false,
            _fill: String::new(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ByScheme {
    Scheme,
}

#[derive(Debug, Deserialize, Serialize)]
enum Scheme {
    Turbo,
    Oranges,
    Viridis,
    Blues,
    Greens,
    Reds,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Scale {
    Linear,
    Exponential,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct YAxis {
    unit: String,
    decimals: Option<u8>,
    reverse: bool,
    #[serde(skip_serializing, rename = "axisPlacement")]
    _axis_placement: Option<AxisPlacement>,
}

/// Cells at or below this value are left out.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct FilterValues {
    le: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HeatmapLegend {
    #[serde(rename = "show")]
    _show: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HeatmapTooltip {
    #[serde(rename = "mode")]
    _mode: Option<Value>,
    #[serde(rename = "showColorScale")]
    _show_color_scale: bool,
    #[serde(rename = "yHistogram")]
    _y_histogram: bool,
}

/// Options of each bucket.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HeatmapCustom {
    hide_from: HideFrom,
}
