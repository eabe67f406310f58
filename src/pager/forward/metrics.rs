//! Metrics of the forwarding.

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

use crate::pager::{forwarding::Outcome, outbox::Totals};

/// Metrics of the forwarding:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `pager_pages_handed_on_total` | counter | outcome (delivered, given_up, refused) |
/// | `pager_pages_pending` | gauge | |
#[derive(Clone, Debug)]
pub struct ForwardMetrics {
    delivered: IntCounter,
    given_up: IntCounter,
    refused: IntCounter,
    pending: IntGauge,
}

impl ForwardMetrics {
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let messages = IntCounterVec::new(
            Opts::new(
                "pager_pages_handed_on_total",
                "Pages and their ends forwarded to the user's webhook, by outcome.",
            ),
            &["outcome"],
        )?;
        let pending = IntGauge::new(
            "pager_pages_pending",
            "Pages and their ends that the user's webhook has not taken yet.",
        )?;
        registry.register(Box::new(messages.clone()))?;
        registry.register(Box::new(pending.clone()))?;
        Ok(Self {
            delivered: messages.with_label_values(&["delivered"]),
            given_up: messages.with_label_values(&["given_up"]),
            refused: messages.with_label_values(&["refused"]),
            pending,
        })
    }

    /// Counts a message that has its outcome.
    pub fn record(&self, outcome: Outcome) {
        match outcome {
            Outcome::Delivered => self.delivered.inc(),
            Outcome::GivenUp => self.given_up.inc(),
            Outcome::Refused => self.refused.inc(),
        }
    }

    /// Updates the gauge for a scrape. Nothing waits for a webhook that has been removed.
    pub fn refresh(&self, totals: Totals) {
        self.pending.set(if totals.enabled { totals.pending as i64 } else { 0 });
    }
}
