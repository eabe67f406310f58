//! Overrides: what single series have otherwise than their panel.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    field::Color,
    options::{AxisPlacement, DrawStyle, HideFrom, LineInterpolation, LineStyle, Stacking},
};

/// What some series of a panel have of their own.
#[derive(Debug, Deserialize, Serialize)]
pub struct Override {
    matcher: Matcher,
    properties: Vec<Value>,
}

impl Override {
    /// Removes the properties that the console does not have, and returns the name of each, with what is wrong.
    pub fn remove_unknown(&mut self) -> Vec<String> {
        let mut unknown = Vec::new();
        self.properties.retain(|property| {
            let outcome = serde_json::from_value::<Property>(property.clone());
            if let Err(error) = &outcome {
                let id = property["id"].as_str().unwrap_or("(no id)");
                unknown.push(format!("{id}: {error}"));
            }
            outcome.is_ok()
        });
        unknown
    }
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
