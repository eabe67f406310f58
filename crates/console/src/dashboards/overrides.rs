//! Overrides: what single series have otherwise than their panel.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    field::Color,
    options::{AxisPlacement, DrawStyle, HideFrom, LineInterpolation, LineStyle, Stacking},
};

/// What some series of a panel have of their own.
#[derive(Debug, Serialize)]
pub struct Override {
    matcher: Matcher,
    properties: Vec<Property>,
}

/// An override as Grafana writes it.
#[derive(Deserialize)]
struct Source {
    matcher: Matcher,
    properties: Vec<Value>,
}

impl Override {
    /// Reads an override. Returns it with the name of each property that the console does not have, and what is wrong
    /// with it, or why it is not known which series the override is for.
    pub fn read(source: &Value) -> Result<(Self, Vec<String>), String> {
        let Source { matcher, properties } = Source::deserialize(source).map_err(|error| error.to_string())?;
        let mut unknown = Vec::new();
        let mut known = Vec::new();
        for property in properties {
            match Property::deserialize(&property) {
                Ok(it) => known.push(it),
                Err(error) => unknown.push(format!("{}: {error}", property["id"].as_str().unwrap_or("(no id)"))),
            }
        }
        let properties = known;
        Ok((Self { matcher, properties }, unknown))
    }
}

/// Which series an override is for.
#[derive(Debug, Deserialize, Serialize)]
struct Matcher {
    id: MatcherId,
    options: String,
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
