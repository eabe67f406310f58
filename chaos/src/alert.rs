//! Which alert: by its name and the service that it is about.

use std::{borrow::Cow, fmt};

use serde_json::Value;

/// An alert.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alert {
    pub name: Cow<'static, str>,
    /// Empty where it is about no service.
    pub job: Cow<'static, str>,
}

/// Fires always.
pub const WATCHDOG: Alert = Alert::of("Watchdog", "");

impl Alert {
    pub const fn of(name: &'static str, job: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            job: Cow::Borrowed(job),
        }
    }

    /// The alert that an object with these fields is about, such as a set of labels or one of the pager's pages.
    pub fn in_object(object: &Value) -> Self {
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
