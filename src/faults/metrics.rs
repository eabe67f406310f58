//! Metrics of injected faults: a dashboard can tell them from genuine failures.

use std::sync::Arc;

use prometheus::{
    GaugeVec, IntCounter, IntCounterVec, Opts, Registry,
    core::{Collector, Desc},
    proto::MetricFamily,
};

use super::{
    decision::{FaultDecision, Outcome},
    plan::Endpoint,
    switch::{Origin, PlanSwitch},
};

/// Counters of injected faults, per endpoint:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `faults_injected_total` | counter | path, kind (error, delay, hang, drop) |
///
/// [`PlanCollector`] exposes the active plan.
#[derive(Debug)]
pub struct FaultMetrics {
    per_endpoint: [Injected; Endpoint::ALL.len()],
}

#[derive(Debug)]
struct Injected {
    errors: IntCounter,
    delays: IntCounter,
    hangs: IntCounter,
    drops: IntCounter,
}

impl FaultMetrics {
    pub fn register(switch: &Arc<PlanSwitch>, registry: &Registry) -> prometheus::Result<Self> {
        let injected = IntCounterVec::new(
            Opts::new("faults_injected_total", "Injected faults, by endpoint and kind."),
            &["path", "kind"],
        )?;
        registry.register(Box::new(injected.clone()))?;
        registry.register(Box::new(PlanCollector::new(Arc::clone(switch))?))?;
        Ok(Self {
            per_endpoint: Endpoint::ALL.map(|endpoint| {
                let kind = |kind| injected.with_label_values(&[endpoint.path(), kind]);
                Injected {
                    errors: kind("error"),
                    delays: kind("delay"),
                    hangs: kind("hang"),
                    drops: kind("drop"),
                }
            }),
        })
    }

    pub fn record(&self, endpoint: Endpoint, decision: FaultDecision) {
        let injected = &self.per_endpoint[endpoint as usize];
        match decision.outcome {
            Outcome::Served => {}
            Outcome::Error(_) => injected.errors.inc(),
            Outcome::Hang => injected.hangs.inc(),
            Outcome::Drop => injected.drops.inc(),
        }
        if !decision.delay.is_zero() {
            injected.delays.inc();
        }
    }
}

/// Exposes the active plan at each scrape:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `fault_error_ratio`, `fault_hang_ratio`, `fault_drop_ratio` | gauge | path |
/// | `fault_delay_seconds` | gauge | path, bound (lower, upper) |
/// | `fault_plan_in_force` | gauge | origin (startup, control, incident): 1 for the active plan's, 0 for the others |
struct PlanCollector {
    switch: Arc<PlanSwitch>,
    error_ratio: GaugeVec,
    hang_ratio: GaugeVec,
    drop_ratio: GaugeVec,
    delay: GaugeVec,
    origin: GaugeVec,
}

impl PlanCollector {
    fn new(switch: Arc<PlanSwitch>) -> prometheus::Result<Self> {
        let gauge = |name: &str, help: &str, labels: &[&str]| GaugeVec::new(Opts::new(name, help), labels);
        Ok(Self {
            switch,
            error_ratio: gauge(
                "fault_error_ratio",
                "Share of requests that the active fault plan answers with an error.",
                &["path"],
            )?,
            hang_ratio: gauge(
                "fault_hang_ratio",
                "Share of requests that the active fault plan never answers.",
                &["path"],
            )?,
            drop_ratio: gauge(
                "fault_drop_ratio",
                "Share of requests whose connection the active fault plan closes.",
                &["path"],
            )?,
            delay: gauge(
                "fault_delay_seconds",
                "Lower and upper bound of the active fault plan's delays; the 1st and 99th percentile of log-normal ones.",
                &["path", "bound"],
            )?,
            origin: gauge(
                "fault_plan_in_force",
                "Origin of the active fault plan: 1 for the settings, the control listener or an incident, 0 for the others.",
                &["origin"],
            )?,
        })
    }

    fn families(&self) -> [&GaugeVec; 5] {
        [
            &self.error_ratio,
            &self.hang_ratio,
            &self.drop_ratio,
            &self.delay,
            &self.origin,
        ]
    }
}

impl Collector for PlanCollector {
    fn desc(&self) -> Vec<&Desc> {
        self.families().into_iter().flat_map(Collector::desc).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let active = self.switch.active();
        for endpoint in Endpoint::ALL {
            let (path, faults) = (endpoint.path(), active.plan.of(endpoint));
            let (lower, upper) = faults.delay.bounds();
            self.error_ratio
                .with_label_values(&[path])
                .set(faults.error_ratio.get());
            self.hang_ratio.with_label_values(&[path]).set(faults.hang_ratio.get());
            self.drop_ratio.with_label_values(&[path]).set(faults.drop_ratio.get());
            self.delay.with_label_values(&[path, "lower"]).set(lower.as_secs_f64());
            self.delay.with_label_values(&[path, "upper"]).set(upper.as_secs_f64());
        }
        for origin in Origin::ALL {
            let holds = f64::from(u8::from(origin == active.origin));
            self.origin.with_label_values(&[origin.as_str()]).set(holds);
        }
        self.families().into_iter().flat_map(Collector::collect).collect()
    }
}
