//! Where a query is sent.

use serde_json::Value;

/// Names a data source that is not Prometheus: its queries may be valid ones of Prometheus, with another meaning.
pub fn foreign(place: &str, source: &Value) -> Option<String> {
    let kind = source["type"].as_str()?;
    // `datasource`: each target names its own.
    (!["prometheus", "datasource", ""].contains(&kind)).then(|| format!("{place}: found '{kind}', expected prometheus"))
}
