//! Options of a time series panel.

use serde::{Deserialize, Serialize};

use super::Calculation;

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TimeSeriesOptions {
    legend: Legend,
    tooltip: Tooltip,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct Legend {
    #[serde(rename = "showLegend")]
    is_shown: bool,
    display_mode: LegendMode,
    placement: LegendPlacement,
    calcs: Vec<Calculation>,
    sort_by: Option<String>,
    sort_desc: Option<bool>,
}

impl Default for Legend {
    fn default() -> Self {
        Self {
            is_shown: true,
            display_mode: LegendMode::List,
            placement: LegendPlacement::Bottom,
            calcs: Vec::new(),
            sort_by: None,
            sort_desc: None,
        }
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum LegendMode {
    List,
    Table,
    Hidden,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum LegendPlacement {
    Bottom,
    Right,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Tooltip {
    mode: TooltipMode,
    sort: TooltipSort,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TooltipMode {
    #[default]
    Single,
    Multi,
    None,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum TooltipSort {
    #[default]
    None,
    Asc,
    Desc,
}
