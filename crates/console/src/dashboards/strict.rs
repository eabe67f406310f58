//! Reads a part of a dashboard and names what is in it but not in the console's model.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Path;

use super::data_source;

/// Fields that change nothing that is drawn, whatever their value.
const WITHOUT_EFFECT: &[&str] = &[
    "__requires",
    "__elements",
    "id",
    "version",
    "schemaVersion",
    "editable",
    "liveNow",
    "gnetId",
    "iteration",
    "preload",
    "fiscalYearStartMonth",
    "weekStart",
    "style",
    "pluginVersion",
    "editorMode",
    // The color of exemplars, which `exemplar` asks for.
    "exemplars",
    "intervalFactor",
    "builder",
    "key",
    "percentChangeColorMode",
    "definition",
    // How the query's editor looks, and what it suggests.
    "fullMetaSearch",
    "includeNullMetadata",
    "useBackend",
    "disableTextWrap",
    "allowCustomValue",
    "skipUrlSync",
    // Which choices the menu of times offers.
    "timepicker",
    // Of an interval that Grafana computes, which `auto` asks for.
    "auto_count",
    "auto_min",
    // How buckets are made from values, which `calculate` asks for.
    "calculation",
];

/// Grafana writes many fields with their defaults. These are the defaults of what the console does not have.
const DEFAULTS: &[(&str, &str)] = &[
    ("axisBorderShow", "false"),
    ("axisCenteredZero", "false"),
    ("axisColorMode", r#""text""#),
    ("barAlignment", "0"),
    ("gradientMode", r#""none""#),
    ("insertNulls", "false"),
    ("showValues", "false"),
    ("spanNulls", "false"),
    ("pointSize", "5"),
    ("scaleDistribution", r#"{"type":"linear"}"#),
    ("mappings", "[]"),
    ("fieldMinMax", "false"),
    ("hideZeros", "false"),
    ("showPercentChange", "false"),
    ("wideLayout", "true"),
    ("links", "[]"),
    ("transformations", "[]"),
    ("transparent", "false"),
    ("hideTimeOverride", "false"),
    ("format", r#""time_series""#),
    ("titleSize", r#""h6""#),
    ("tags", "[]"),
    ("actions", "[]"),
    ("auto", "false"),
    ("axisGridShow", "true"),
    // Of the axis of a heatmap.
    ("axisPlacement", r#""left""#),
    ("barWidthFactor", "0.6"),
    ("exemplar", "false"),
    ("filter", r#"{"exclude":false,"ids":[]}"#),
    ("hideFrom", r#"{"legend":false,"tooltip":false,"viz":false}"#),
    ("regexApplyTo", r#""value""#),
    ("repeatDirection", r#""h""#),
    ("seriesBy", r#""last""#),
    ("showColorScale", "false"),
    ("showValue", r#""never""#),
    ("tagKeys", r#""""#),
    ("useValueForTime", "false"),
    ("yHistogram", "false"),
];

/// Reads a value. Returns it with the paths of the fields that the model lacks, or what is wrong with it.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<(T, Vec<String>), String> {
    let mut unknown = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let deserializer = serde_path_to_error::Deserializer::new(value, &mut track);
    let outcome = serde_ignored::deserialize(deserializer, |path| {
        // serde_ignored writes a question mark for each Option on the way.
        let path = path.to_string().replace(".?", "").replace("?.", "");
        if !is_accepted(&path, value) {
            unknown.push(path);
        }
    });
    match outcome {
        Ok(model) => Ok((model, unknown)),
        Err(error) => Err(at(&track.path(), error.to_string())),
    }
}

/// Returns the reason with its place in the file, if it is of one.
pub fn at(path: &Path, reason: String) -> String {
    match path.to_string().as_str() {
        "." => reason,
        path => format!("{path}: {reason}"),
    }
}

/// Reads each part of a list, and names what is wrong with one: `what` and its name, which is at `key`.
pub fn read_each<T: DeserializeOwned>(what: &str, key: &str, list: &[Value], problems: &mut Vec<String>) -> Vec<T> {
    let mut known = Vec::new();
    for part in list {
        let name = part[key].as_str().unwrap_or("(no name)");
        let wrong = match read::<T>(part) {
            Ok((model, mut unknown)) => {
                known.push(model);
                unknown.extend(data_source::foreign("datasource", &part["datasource"]));
                unknown
            }
            Err(reason) => vec![reason],
        };
        problems.extend(wrong.iter().map(|reason| format!("{what} '{name}': {reason}")));
    }
    known
}

fn is_accepted(path: &str, root: &Value) -> bool {
    let is_at_end = |name: &str| path == name || path.ends_with(&format!(".{name}"));
    if WITHOUT_EFFECT.iter().any(|name| is_at_end(name)) {
        return true;
    }
    let pointer = format!("/{}", path.replace('.', "/"));
    let found = root.pointer(&pointer).unwrap_or(&Value::Null);
    // `null` is a field that is not set.
    found.is_null()
        || DEFAULTS.iter().any(|(name, default)| {
            is_at_end(name) && serde_json::from_str::<Value>(default).is_ok_and(|it| it == *found)
        })
}
