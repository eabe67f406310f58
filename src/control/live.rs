//! What the faults do right now: the rates of the last seconds, from the same metrics that Prometheus scrapes.

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

/// How far back the rates look.
const WINDOW: Duration = Duration::from_secs(10);

/// Readings that are nearer to each other than this are not worth keeping: many may look at once.
const MIN_SPACING: Duration = Duration::from_millis(500);

/// Reads the metrics when somebody looks, and keeps the readings of the window to compare with.
#[derive(Debug)]
pub struct Live {
    registry: Registry,
    readings: Mutex<VecDeque<Reading>>,
}

/// The metrics at one time.
#[derive(Debug)]
struct Reading {
    at: Instant,
    endpoints: [EndpointTotals; Endpoint::ALL.len()],
}

/// What happens now.
#[derive(Debug, Serialize)]
pub struct LiveStats {
    /// How long the rates look back. 0 for the first who looks in a while: there is nothing to compare with yet.
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

    /// What has happened since somebody looked before, at most over the window.
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

/// The value of a label, or nothing.
fn label<'a>(metric: &'a Metric, name: &str) -> &'a str {
    let labels = metric.get_label();
    labels
        .iter()
        .find(|label| label.name() == name)
        .map_or("", |label| label.value())
}
