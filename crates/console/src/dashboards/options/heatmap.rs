//! Options of a heatmap panel.

use serde::{Deserialize, Serialize};

use super::time_series::TooltipMode;

/// Options of a heatmap whose queries answer buckets.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeatmapOptions {
    #[serde(default, rename = "calculate", skip_serializing)]
    _calculate: BucketsFromQuery,
    #[serde(default = "default_gap")]
    cell_gap: f64,
    #[serde(default)]
    cell_values: CellValues,
    #[serde(default)]
    color: HeatmapColor,
    #[serde(default)]
    y_axis: YAxis,
    #[serde(default)]
    filter_values: FilterValues,
    #[serde(default)]
    legend: HeatmapLegend,
    #[serde(default)]
    tooltip: HeatmapTooltip,
    #[serde(default, rename = "rowsFrame", skip_serializing)]
    _rows_frame: RowsFrame,
}

/// In pixels.
const fn default_gap() -> f64 {
    1.0
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
}

/// Cells at or below this value are left out.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct FilterValues {
    le: Option<f64>,
}

/// Whether the scale of the colors is drawn.
#[derive(Debug, Deserialize, Serialize)]
#[serde(default)]
struct HeatmapLegend {
    show: bool,
}

impl Default for HeatmapLegend {
    fn default() -> Self {
        Self { show: true }
    }
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct HeatmapTooltip {
    mode: TooltipMode,
}

/// How the rows are laid out: each below its bound.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RowsFrame {
    #[serde(rename = "layout")]
    _layout: RowsLayout,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RowsLayout {
    #[default]
    Auto,
    Le,
}

/// A heatmap panel has no custom options of its fields.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct HeatmapCustom {}
