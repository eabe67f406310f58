//! Metrics of the pager itself.

use prometheus::{Gauge, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};

use super::{heartbeat::Heartbeat, notification::AlertStatus, page_store::PageStore, runbooks::RunbookSettings};

/// The severities of the rules under `prometheus/`. All others are counted as `other`.
const SEVERITIES: [&str; 3] = ["page", "warning", "ticket"];

/// Metrics of notifications, heartbeats and pages:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `pager_notifications_total` | counter | |
/// | `pager_alerts_received_total` | counter | status (firing, resolved) |
/// | `pager_notifications_refused_total` | counter | reason (too_large, invalid) |
/// | `pager_alerts_truncated_total` | counter | |
/// | `pager_heartbeats_total` | counter | |
/// | `pager_heartbeat_age_seconds`, `pager_heartbeat_timeout_seconds` | gauge | |
/// | `pager_pages_firing` | gauge | severity (page, warning, ticket, other) |
/// | `pager_runbooks_info` | gauge 1 | url: the links of the dashboards start with it |
#[derive(Clone, Debug)]
pub struct PagerMetrics {
    pub notifications: IntCounter,
    pub too_large: IntCounter,
    pub invalid: IntCounter,
    pub truncated: IntCounter,
    pub heartbeats: IntCounter,
    firing_received: IntCounter,
    resolved_received: IntCounter,
    heartbeat_age: Gauge,
    firing: IntGaugeVec,
}

impl PagerMetrics {
    pub fn register(
        heartbeat: &Heartbeat,
        runbooks: &RunbookSettings,
        registry: &Registry,
    ) -> prometheus::Result<Self> {
        let received = IntCounterVec::new(
            Opts::new("pager_alerts_received_total", "Alerts received, by status."),
            &["status"],
        )?;
        let refused = IntCounterVec::new(
            Opts::new(
                "pager_notifications_refused_total",
                "Notifications refused for good, by reason. Alertmanager does not send them again.",
            ),
            &["reason"],
        )?;
        let timeout = IntGauge::new(
            "pager_heartbeat_timeout_seconds",
            "Age of the heartbeat at which MonitoringDown is raised.",
        )?;
        timeout.set(heartbeat.timeout().as_secs().try_into().unwrap_or(i64::MAX));
        let runbooks_info = Opts::new("pager_runbooks_info", "URL of the runbooks, as a browser reaches it.");
        let runbooks_info = IntGauge::with_opts(runbooks_info.const_label("url", runbooks.base_url()))?;
        runbooks_info.set(1);
        let metrics = Self {
            notifications: IntCounter::new(
                "pager_notifications_total",
                "Notifications written to the ledger, without heartbeats.",
            )?,
            too_large: refused.with_label_values(&["too_large"]),
            invalid: refused.with_label_values(&["invalid"]),
            truncated: IntCounter::new(
                "pager_alerts_truncated_total",
                "Alerts that Alertmanager left out of notifications, because their group has more than its max_alerts.",
            )?,
            heartbeats: IntCounter::new("pager_heartbeats_total", "Heartbeats received.")?,
            firing_received: received.with_label_values(&["firing"]),
            resolved_received: received.with_label_values(&["resolved"]),
            heartbeat_age: Gauge::new(
                "pager_heartbeat_age_seconds",
                "Time since the monitoring was last known to be alive, or since the pager's start.",
            )?,
            firing: IntGaugeVec::new(Opts::new("pager_pages_firing", "Pages that are firing."), &["severity"])?,
        };
        registry.register(Box::new(received))?;
        registry.register(Box::new(refused))?;
        registry.register(Box::new(metrics.truncated.clone()))?;
        registry.register(Box::new(timeout))?;
        registry.register(Box::new(runbooks_info))?;
        registry.register(Box::new(metrics.notifications.clone()))?;
        registry.register(Box::new(metrics.heartbeats.clone()))?;
        registry.register(Box::new(metrics.heartbeat_age.clone()))?;
        registry.register(Box::new(metrics.firing.clone()))?;
        Ok(metrics)
    }

    pub fn record_received(&self, status: AlertStatus) {
        match status {
            AlertStatus::Firing => self.firing_received.inc(),
            AlertStatus::Resolved => self.resolved_received.inc(),
        }
    }

    /// Updates the gauges for a scrape.
    pub fn refresh(&self, pages: &PageStore, heartbeat: &Heartbeat) {
        self.heartbeat_age.set(heartbeat.age().as_secs_f64());
        let count = |matches: &dyn Fn(&str) -> bool| {
            pages.read(|pages| pages.firing.values().filter(|page| matches(&page.severity)).count() as i64)
        };
        for severity in SEVERITIES {
            self.firing
                .with_label_values(&[severity])
                .set(count(&|other| other == severity));
        }
        self.firing
            .with_label_values(&["other"])
            .set(count(&|other| !SEVERITIES.contains(&other)));
    }
}
