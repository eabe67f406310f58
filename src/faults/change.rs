//! Changes of the fault plan, as JSON.

use std::time::Duration;

use serde::{
    Deserialize, Deserializer,
    de::{self, Unexpected},
};

use super::{
    delay::Delay,
    object::{Object, object_or_null},
    plan::{Endpoint, EndpointFaults, FaultPlan},
    ratio::Ratio,
    status::ErrorStatus,
};

/// The longest time that a plan may be active: a week.
const MAX_DURATION: Duration = Duration::from_hours(7 * 24);

/// A requested fault plan. Fields that it does not name have their start-up values.
///
/// ```
/// use observer::faults::PlanChange;
///
/// let change = PlanChange::parse(br#"{"echo": {"error_ratio": 0.5, "error_status": 503}, "for": "10m"}"#);
/// assert!(change.is_ok());
///
/// let wrong = PlanChange::parse(br#"{"echo": {"error_ratio": 2}}"#).unwrap_err();
/// assert!(wrong.to_string().starts_with("echo.error_ratio: "), "{wrong}");
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanChange {
    #[serde(default, deserialize_with = "object_or_null")]
    ping: Option<EndpointChange>,
    #[serde(default, deserialize_with = "object_or_null")]
    echo: Option<EndpointChange>,
    #[serde(default, deserialize_with = "object_or_null")]
    counter: Option<EndpointChange>,
    #[serde(default, rename = "for", deserialize_with = "plan_duration")]
    duration: Option<Duration>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndpointChange {
    error_ratio: Option<Ratio>,
    error_status: Option<ErrorStatus>,
    delay: Option<Delay>,
    hang_ratio: Option<Ratio>,
    drop_ratio: Option<Ratio>,
}

/// An invalid change: the field, the value found, and the value expected.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PlanChangeError(String);

impl PlanChange {
    /// Parses a change.
    ///
    /// # Errors
    ///
    /// Fails if the JSON is invalid. The error names the field, the value found, and the value expected.
    pub fn parse(json: &[u8]) -> Result<Self, PlanChangeError> {
        let mut json = serde_json::Deserializer::from_slice(json);
        let Object(change) = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            match path.as_str() {
                "." | "?" => PlanChangeError(error.into_inner().to_string()),
                path => PlanChangeError(format!("{path}: {}", error.inner())),
            }
        })?;
        json.end().map_err(|error| PlanChangeError(error.to_string()))?;
        Ok(change)
    }

    /// Returns the requested plan, based on the start-up plan.
    #[must_use]
    pub fn plan(&self, startup: &FaultPlan) -> FaultPlan {
        let mut plan = *startup;
        for (endpoint, change) in [
            (Endpoint::Ping, self.ping),
            (Endpoint::Echo, self.echo),
            (Endpoint::Counter, self.counter),
        ] {
            if let Some(change) = change {
                change.apply(plan.of_mut(endpoint));
            }
        }
        plan
    }

    /// Returns how long the plan is to be active, or `None` if it has no end.
    #[must_use]
    pub const fn duration(&self) -> Option<Duration> {
        self.duration
    }
}

impl EndpointChange {
    fn apply(self, faults: &mut EndpointFaults) {
        *faults = EndpointFaults {
            error_ratio: self.error_ratio.unwrap_or(faults.error_ratio),
            error_status: self.error_status.unwrap_or(faults.error_status),
            delay: self.delay.unwrap_or(faults.delay),
            hang_ratio: self.hang_ratio.unwrap_or(faults.hang_ratio),
            drop_ratio: self.drop_ratio.unwrap_or(faults.drop_ratio),
        };
    }
}

fn plan_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    humantime::parse_duration(&text)
        .ok()
        .filter(|duration| !duration.is_zero() && *duration <= MAX_DURATION)
        .map(Some)
        .ok_or_else(|| {
            de::Error::invalid_value(Unexpected::Str(&text), &"a duration such as 90s or 10m, at most 7days")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn startup() -> FaultPlan {
        let faults = EndpointFaults {
            error_ratio: Ratio::new(0.005).expect("a ratio"),
            error_status: ErrorStatus::INTERNAL_SERVER_ERROR,
            delay: Delay::None,
            hang_ratio: Ratio::ZERO,
            drop_ratio: Ratio::ZERO,
        };
        FaultPlan {
            ping: faults,
            echo: faults,
            counter: faults,
        }
    }

    #[test]
    fn fields_not_named_have_their_start_up_values() {
        let change = PlanChange::parse(br#"{"echo": {"delay": "constant:20ms", "drop_ratio": 1}, "for": "1m 30s"}"#);
        let change = change.expect("valid");
        let plan = change.plan(&startup());
        assert_eq!(plan.ping, startup().ping);
        assert_eq!(plan.echo.error_ratio, startup().echo.error_ratio);
        assert_eq!(plan.echo.delay, Delay::Constant(Duration::from_millis(20)));
        assert_eq!(plan.echo.drop_ratio.get(), 1.0);
        assert_eq!(change.duration(), Some(Duration::from_secs(90)));
    }

    #[test]
    fn a_plan_as_the_api_returns_it_can_be_sent_back() {
        let shown = serde_json::to_vec(&startup()).expect("JSON");
        let change = PlanChange::parse(&shown).expect("valid");
        assert_eq!(change.plan(&startup()), startup());
    }

    #[test]
    fn errors_name_the_field_the_value_found_and_the_value_expected() {
        for (json, parts) in [
            ("", &["EOF"][..]),
            ("[{}, {}, {}, null]", &["sequence", "expected an object such as {"]),
            (
                r#"{"echo": [0.5]}"#,
                &["echo: ", "sequence", "expected an object such as {"],
            ),
            ("{} {}", &["trailing characters"]),
            (
                r#"{"pong": {}}"#,
                &[
                    "unknown field `pong`",
                    "expected one of `ping`, `echo`, `counter`, `for`",
                ],
            ),
            (
                r#"{"ping": 1}"#,
                &["ping: ", "integer `1`", "expected an object such as {"],
            ),
            (
                r#"{"ping": {"errors": 1}}"#,
                &["ping.errors: ", "unknown field `errors`", "`error_ratio`"],
            ),
            (
                r#"{"ping": {"error_ratio": 1.5}}"#,
                &["ping.error_ratio: ", "`1.5`", "a number from 0 to 1"],
            ),
            (
                r#"{"ping": {"error_ratio": -1}}"#,
                &["ping.error_ratio: ", "`-1`", "a number from 0 to 1"],
            ),
            (
                r#"{"echo": {"hang_ratio": "0.5"}}"#,
                &["echo.hang_ratio: ", "\"0.5\"", "a number from 0 to 1"],
            ),
            (
                r#"{"echo": {"error_status": 418}}"#,
                &["echo.error_status: ", "`418`", "expected one of 400, 403"],
            ),
            (
                r#"{"counter": {"delay": "soon"}}"#,
                &["counter.delay: ", "found \"soon\"", "expected none, constant:20ms"],
            ),
            (
                r#"{"for": "ten minutes"}"#,
                &["for: ", "\"ten minutes\"", "a duration such as 90s"],
            ),
            (r#"{"for": "8days"}"#, &["for: ", "at most 7days"]),
            (r#"{"for": "0s"}"#, &["for: ", "\"0s\""]),
        ] {
            let message = PlanChange::parse(json.as_bytes()).expect_err(json).to_string();
            for part in parts {
                assert!(message.contains(part), "{json}: no {part:?} in: {message}");
            }
        }
    }
}
