//! Metrics of tokio's runtime.

use prometheus::{
    Counter, CounterVec, IntGauge, Opts, Registry,
    core::{Collector, Desc},
    proto::MetricFamily,
};
use tokio::runtime::{Handle, RuntimeMetrics};

use super::reading::Reading;

/// Registers the metrics of the runtime in which this is called:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `tokio_workers` | gauge | |
/// | `tokio_alive_tasks` | gauge | |
/// | `tokio_global_queue_depth` | gauge | |
/// | `tokio_worker_busy_seconds_total` | counter | worker |
///
/// # Errors
///
/// Fails if the registry already holds a metric of one of these names.
///
/// # Panics
///
/// Panics outside of a runtime.
pub fn register(registry: &Registry) -> prometheus::Result<()> {
    registry.register(Box::new(RuntimeCollector::new(Handle::current().metrics())?))
}

struct RuntimeCollector {
    runtime: RuntimeMetrics,
    workers: IntGauge,
    alive_tasks: IntGauge,
    global_queue_depth: IntGauge,
    busy: CounterVec,
    busy_readings: Vec<Reading>,
}

impl RuntimeCollector {
    fn new(runtime: RuntimeMetrics) -> prometheus::Result<Self> {
        let busy = CounterVec::new(
            Opts::new(
                "tokio_worker_busy_seconds_total",
                "Time that a worker thread has spent running tasks, rather than waiting for some.",
            ),
            &["worker"],
        )?;
        let counter_of = |worker: usize| -> Counter { busy.with_label_values(&[&worker.to_string()]) };
        let workers = IntGauge::new("tokio_workers", "Worker threads of the runtime.")?;
        workers.set(runtime.num_workers() as i64);
        Ok(Self {
            workers,
            alive_tasks: IntGauge::new("tokio_alive_tasks", "Tasks that have not ended.")?,
            global_queue_depth: IntGauge::new(
                "tokio_global_queue_depth",
                "Tasks that are ready to run and wait for any worker.",
            )?,
            busy_readings: (0..runtime.num_workers())
                .map(|worker| Reading::new(counter_of(worker)))
                .collect(),
            busy,
            runtime,
        })
    }
}

impl Collector for RuntimeCollector {
    fn desc(&self) -> Vec<&Desc> {
        [
            self.workers.desc(),
            self.alive_tasks.desc(),
            self.global_queue_depth.desc(),
            self.busy.desc(),
        ]
        .concat()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.alive_tasks.set(self.runtime.num_alive_tasks() as i64);
        self.global_queue_depth.set(self.runtime.global_queue_depth() as i64);
        for (worker, reading) in self.busy_readings.iter().enumerate() {
            reading.follow(self.runtime.worker_total_busy_duration(worker).as_secs_f64());
        }
        [
            self.workers.collect(),
            self.alive_tasks.collect(),
            self.global_queue_depth.collect(),
            self.busy.collect(),
        ]
        .concat()
    }
}
