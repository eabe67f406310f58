//! Options of each series of a time series panel.

use serde::{Deserialize, Serialize};

/// Options of each series.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TimeSeriesCustom {
    draw_style: DrawStyle,
    line_interpolation: LineInterpolation,
    line_width: f64,
    line_style: LineStyle,
    fill_opacity: f64,
    show_points: ShowPoints,
    stacking: Stacking,
    thresholds_style: ThresholdsStyle,
    axis_placement: AxisPlacement,
    axis_label: String,
    axis_soft_min: Option<f64>,
    axis_soft_max: Option<f64>,
    hide_from: HideFrom,
}

impl Default for TimeSeriesCustom {
    fn default() -> Self {
        Self {
            draw_style: DrawStyle::Line,
            line_interpolation: LineInterpolation::Linear,
            line_width: 1.0,
            line_style: LineStyle::default(),
            fill_opacity: 0.0,
            show_points: ShowPoints::Auto,
            stacking: Stacking::default(),
            thresholds_style: ThresholdsStyle::default(),
            axis_placement: AxisPlacement::Auto,
            axis_label: String::new(),
            axis_soft_min: None,
            axis_soft_max: None,
            hide_from: HideFrom::default(),
        }
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DrawStyle {
    Line,
    Bars,
    Points,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LineInterpolation {
    Linear,
    Smooth,
    StepBefore,
    StepAfter,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct LineStyle {
    fill: LineFill,
    dash: Vec<f64>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum LineFill {
    #[default]
    Solid,
    Dash,
    Dot,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum ShowPoints {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(default)]
pub struct Stacking {
    mode: StackingMode,
    group: String,
}

impl Default for Stacking {
    fn default() -> Self {
        Self {
            mode: StackingMode::None,
            group: "A".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum StackingMode {
    None,
    Normal,
    Percent,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct ThresholdsStyle {
    mode: ThresholdsStyleMode,
}

#[derive(Debug, Default, Deserialize, Serialize)]
enum ThresholdsStyleMode {
    #[default]
    #[serde(rename = "off")]
    Off,
    #[serde(rename = "line")]
    Line,
    #[serde(rename = "dashed")]
    Dashed,
    #[serde(rename = "area")]
    Area,
    #[serde(rename = "line+area")]
    LineAndArea,
    #[serde(rename = "dashed+area")]
    DashedAndArea,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AxisPlacement {
    Auto,
    Left,
    Right,
    Hidden,
}

/// Where a series is not shown.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct HideFrom {
    legend: bool,
    tooltip: bool,
    viz: bool,
}
