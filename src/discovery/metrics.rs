//! Metrics of the discovery itself.

use jiff::Timestamp;
use prometheus::{Gauge, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry};

use red_metrics::DURATION_BUCKETS;

/// Metrics of polls, writes and targets:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `discovery_targets` | gauge | |
/// | `discovery_skipped` | gauge | |
/// | `discovery_last_success_timestamp_seconds` | gauge | |
/// | `discovery_poll_duration_seconds` | histogram | |
/// | `discovery_errors_total` | counter | stage (poll, write) |
/// | `discovery_changes_total`, `discovery_events_total` | counter | |
#[derive(Clone, Debug)]
pub struct DiscoveryMetrics {
    pub targets: IntGauge,
    pub skipped: IntGauge,
    last_success: Gauge,
    pub poll_duration: Histogram,
    pub poll_errors: IntCounter,
    pub write_errors: IntCounter,
    pub changes: IntCounter,
    pub events: IntCounter,
}

impl DiscoveryMetrics {
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let errors = IntCounterVec::new(
            Opts::new(
                "discovery_errors_total",
                "Failed polls of Docker and failed writes of the targets file.",
            ),
            &["stage"],
        )?;
        let metrics = Self {
            targets: IntGauge::new("discovery_targets", "Current targets.")?,
            skipped: IntGauge::new(
                "discovery_skipped",
                "Selected containers and services without a port or an address.",
            )?,
            last_success: Gauge::new(
                "discovery_last_success_timestamp_seconds",
                "Time of the last successful poll, in seconds since 1970; 0 before the first.",
            )?,
            poll_duration: Histogram::with_opts(
                HistogramOpts::new(
                    "discovery_poll_duration_seconds",
                    "Duration of a poll: all calls of Docker's API and the mapping to target groups.",
                )
                .buckets(DURATION_BUCKETS.to_vec()),
            )?,
            poll_errors: errors.with_label_values(&["poll"]),
            write_errors: errors.with_label_values(&["write"]),
            changes: IntCounter::new(
                "discovery_changes_total",
                "Polls whose targets differ from those of the previous poll.",
            )?,
            events: IntCounter::new("discovery_events_total", "Docker events received.")?,
        };
        registry.register(Box::new(errors))?;
        registry.register(Box::new(metrics.targets.clone()))?;
        registry.register(Box::new(metrics.skipped.clone()))?;
        registry.register(Box::new(metrics.last_success.clone()))?;
        registry.register(Box::new(metrics.poll_duration.clone()))?;
        registry.register(Box::new(metrics.changes.clone()))?;
        registry.register(Box::new(metrics.events.clone()))?;
        Ok(metrics)
    }

    /// Records a successful poll.
    #[expect(clippy::disallowed_methods, reason = "the metric is a date")]
    pub fn record_success(&self) {
        self.last_success.set(Timestamp::now().as_duration().as_secs_f64());
    }
}
