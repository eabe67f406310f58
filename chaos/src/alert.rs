//! An alert's identity: its name and its job.

use std::{borrow::Cow, fmt};

use serde_json::Value;

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alert {
    pub name: Cow<'static, str>,
    /// The service; empty for an alert about the monitoring as a whole.
    pub job: Cow<'static, str>,
}

/// The alert that always fires.
pub const WATCHDOG: Alert = Alert::of("Watchdog", "");

impl Alert {
    pub const fn of(name: &'static str, job: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            job: Cow::Borrowed(job),
        }
    }

    /// Reads the alert from an object with these fields: a set of labels, or one of the pager's pages.
    pub fn from_object(object: &Value) -> Self {
        let text = |field: &str| Cow::Owned(object[field].as_str().unwrap_or_default().to_owned());
        Self {
            name: text("alertname"),
            job: text("job"),
        }
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, job } = self;
        if job.is_empty() {
            write!(formatter, "{name}")
        } else {
            write!(formatter, "{name} of {job}")
        }
    }
}
