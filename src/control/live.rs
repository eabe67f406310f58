//! Live statistics: rates over the last seconds, from the same metrics that Prometheus scrapes.

mod totals;

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use prometheus::{Registry, proto::Metric};
use serde::Serialize;

use totals::{EndpointStats, EndpointTotals};

use crate::faults::Endpoint;

/// The longest window of the rates.
const WINDOW: Duration = Duration::from_secs(10);

/// The shortest time between two stored readings. It bounds their number when many clients ask at once.
const MIN_SPACING: Duration = Duration::from_millis(500);

/// Source of live statistics. Reads the metrics on request and keeps the window's readings for comparison.
#[derive(Debug)]
pub struct Live {
    registry: Registry,
    readings: Mutex<VecDeque<Reading>>,
}

/// The metrics at one instant.
#[derive(Debug)]
struct Reading {
    at: Instant,
    endpoints: [EndpointTotals; Endpoint::ALL.len()],
}

/// The current rates of all endpoints.
#[derive(Debug, Serialize)]
pub struct LiveStats {
    /// The window, in seconds. 0 if there is no earlier reading to compare with.
    over_seconds: f64,
    ping: EndpointStats,
    echo: EndpointStats,
    counter: EndpointStats,
}

impl Live {
    pub fn new(registry: Registry) -> Self {
        Self {
            registry,
            readings: Mutex::default(),
        }
    }

    /// Takes a reading and returns the rates since the oldest reading within the window.
    pub fn snapshot(&self) -> LiveStats {
        let now = Reading::take(&self.registry);
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        while readings
            .front()
            .is_some_and(|reading| now.at.duration_since(reading.at) > WINDOW)
        {
            readings.pop_front();
        }
        let stats = now.since(readings.front().unwrap_or(&now));
        if readings
            .back()
            .is_none_or(|last| now.at.duration_since(last.at) >= MIN_SPACING)
        {
            readings.push_back(now);
        }
        stats
    }
}

impl Reading {
    fn take(registry: &Registry) -> Self {
        let mut reading = Self {
            at: Instant::now(),
            endpoints: Default::default(),
        };
        for family in registry.gather() {
            for metric in family.get_metric() {
                let Some(totals) = reading.of_mut(label(metric, "path")) else {
                    continue;
                };
                match family.name() {
                    "http_requests_total" => {
                        totals.add_requests(label(metric, "status_code"), metric.get_counter().get_value());
                    }
                    "http_request_duration_seconds" => totals.add_durations(metric.get_histogram()),
                    _ => {}
                }
            }
        }
        reading
    }

    fn of_mut(&mut self, path: &str) -> Option<&mut EndpointTotals> {
        let endpoint = Endpoint::ALL.into_iter().find(|endpoint| endpoint.path() == path)?;
        Some(&mut self.endpoints[endpoint as usize])
    }

    fn since(&self, before: &Self) -> LiveStats {
        let seconds = self.at.saturating_duration_since(before.at).as_secs_f64();
        let of = |endpoint: Endpoint| {
            let index = endpoint as usize;
            self.endpoints[index].since(&before.endpoints[index]).over(seconds)
        };
        LiveStats {
            over_seconds: seconds,
            ping: of(Endpoint::Ping),
            echo: of(Endpoint::Echo),
            counter: of(Endpoint::Counter),
        }
    }
}

/// Returns the value of a label, empty if there is no such label.
fn label<'a>(metric: &'a Metric, name: &str) -> &'a str {
    let labels = metric.get_label();
    labels
        .iter()
        .find(|label| label.name() == name)
        .map_or("", |label| label.value())
}
