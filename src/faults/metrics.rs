//! What was injected, so that a dashboard can tell it from a failure of the service's own.

use prometheus::{GaugeVec, IntCounter, IntCounterVec, Opts, Registry};

use super::{Endpoint, Fate, FaultPlan};

/// Counters of injected faults, per endpoint, and the plan as gauges.
#[derive(Debug)]
pub struct FaultMetrics {
    per_endpoint: [Injected; Endpoint::ALL.len()],
}

#[derive(Debug)]
struct Injected {
    errors: IntCounter,
    delays: IntCounter,
}

impl FaultMetrics {
    pub fn register(plan: &FaultPlan, registry: &Registry) -> prometheus::Result<Self> {
        let injected = IntCounterVec::new(
            Opts::new("faults_injected_total", "Faults that were injected on purpose."),
            &["path", "kind"],
        )?;
        let error_ratio = GaugeVec::new(
            Opts::new("fault_error_ratio", "Share of requests that the fault plan lets fail."),
            &["path"],
        )?;
        for endpoint in Endpoint::ALL {
            error_ratio
                .with_label_values(&[endpoint.path()])
                .set(plan.of(endpoint).error_ratio.get());
        }
        registry.register(Box::new(injected.clone()))?;
        registry.register(Box::new(error_ratio))?;
        Ok(Self {
            per_endpoint: Endpoint::ALL.map(|endpoint| Injected {
                errors: injected.with_label_values(&[endpoint.path(), "error"]),
                delays: injected.with_label_values(&[endpoint.path(), "delay"]),
            }),
        })
    }

    pub fn record(&self, endpoint: Endpoint, fate: Fate) {
        let injected = &self.per_endpoint[endpoint as usize];
        if fate.fails {
            injected.errors.inc();
        }
        if !fate.delay.is_zero() {
            injected.delays.inc();
        }
    }
}
