//! What is measured of a route.

use std::sync::Arc;

use http::{Method, StatusCode};

use crate::Observe;

/// What is measured of a route, and which of its series exist from the start.
///
/// The series of the expected methods and statuses are exposed as 0 before the first request: a dashboard shows a rate of
/// 0 instead of "No data", and `rate()`, which needs a sample from before an increase, sees the first error.
/// Other series appear with their first request.
#[derive(Clone, Debug, Default)]
pub struct Monitoring {
    disabled: bool,
    methods: Vec<Method>,
    statuses: Vec<StatusCode>,
    observers: Vec<Arc<dyn Observe>>,
}

impl Monitoring {
    /// Measures the route, and expects these methods with the status 200.
    pub fn of(methods: impl IntoIterator<Item = Method>) -> Self {
        Self {
            methods: methods.into_iter().collect(),
            statuses: vec![StatusCode::OK],
            ..Self::default()
        }
    }

    /// Serves the route without measuring it: for probes and for the metrics themselves.
    #[must_use]
    pub fn disabled() -> Self {
        Self {
            disabled: true,
            ..Self::default()
        }
    }

    /// Expects these statuses too, with each of the methods.
    #[must_use]
    pub fn expect_statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses.extend(statuses);
        self
    }

    /// Calls this observer for each request to the route when it has ended.
    #[must_use]
    pub fn observed_by(mut self, observer: impl Observe) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    pub(crate) fn is_disabled(&self) -> bool {
        self.disabled
    }

    pub(crate) fn into_observers(self) -> Vec<Arc<dyn Observe>> {
        self.observers
    }

    /// Each expected method with each expected status.
    pub(crate) fn expected(&self) -> impl Iterator<Item = (&Method, StatusCode)> {
        self.methods
            .iter()
            .flat_map(|method| self.statuses.iter().map(move |status| (method, *status)))
    }
}
