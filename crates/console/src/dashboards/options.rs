//! The options of each type of panel.

mod heatmap;
mod series;
mod stat;
mod time_series;

pub use heatmap::{HeatmapCustom, HeatmapOptions};
pub use series::{AxisPlacement, DrawStyle, HideFrom, LineInterpolation, LineStyle, Stacking, TimeSeriesCustom};
pub use stat::{NoCustom, StatOptions};
pub use time_series::TimeSeriesOptions;

use serde::{Deserialize, Serialize};

/// How the values of a series become one.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Calculation {
    LastNotNull,
    Last,
    First,
    FirstNotNull,
    Min,
    Max,
    Mean,
    Sum,
    Count,
    Range,
    Delta,
    Diff,
}
