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
        let delay = GaugeVec::new(
            Opts::new(
                "fault_delay_seconds",
                "Between which lengths the fault plan's delays lie, or 98% of them where there is no longest.",
            ),
            &["path", "bound"],
        )?;
        for endpoint in Endpoint::ALL {
            let (path, faults) = (endpoint.path(), plan.of(endpoint));
            let (lower, upper) = faults.delay.bounds();
            error_ratio.with_label_values(&[path]).set(faults.error_ratio.get());
            delay.with_label_values(&[path, "lower"]).set(lower.as_secs_f64());
            delay.with_label_values(&[path, "upper"]).set(upper.as_secs_f64());
        }
        registry.register(Box::new(injected.clone()))?;
        registry.register(Box::new(error_ratio))?;
        registry.register(Box::new(delay))?;
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
