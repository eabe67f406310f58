//! Metrics of the process, under the names that all of Prometheus' client libraries use.
//!
//! The prometheus crate's own collector counts the CPU time in whole seconds; a service that uses a hundredth of a core
//! would show a step every hundred seconds. This one counts in the kernel's ticks, a hundredth of a second each.

use procfs::{ProcResult, WithCurrentSystemInfo, process::Process};
use prometheus::{
    Counter, Gauge, Registry,
    core::{Collector, Desc},
    proto::MetricFamily,
};

use super::reading::Reading;

/// Registers the metrics of this process:
///
/// | metric | type |
/// |---|---|
/// | `process_cpu_seconds_total` | counter |
/// | `process_resident_memory_bytes`, `process_virtual_memory_bytes` | gauge |
/// | `process_open_fds`, `process_max_fds` | gauge |
/// | `process_threads` | gauge |
/// | `process_start_time_seconds` | gauge |
///
/// # Errors
///
/// Fails if the registry already holds a metric of one of these names.
pub fn register(registry: &Registry) -> prometheus::Result<()> {
    registry.register(Box::new(ProcessCollector::new()?))
}

struct ProcessCollector {
    cpu: Counter,
    cpu_reading: Reading,
    resident: Gauge,
    virtual_memory: Gauge,
    open_fds: Gauge,
    max_fds: Gauge,
    threads: Gauge,
    start_time: Gauge,
}

impl ProcessCollector {
    fn new() -> prometheus::Result<Self> {
        let cpu = Counter::new(
            "process_cpu_seconds_total",
            "CPU time that the process has used, in user and kernel mode.",
        )?;
        Ok(Self {
            cpu_reading: Reading::new(cpu.clone()),
            cpu,
            resident: Gauge::new("process_resident_memory_bytes", "Memory of the process that is in RAM.")?,
            virtual_memory: Gauge::new("process_virtual_memory_bytes", "Memory that the process has mapped.")?,
            open_fds: Gauge::new("process_open_fds", "File descriptors that are open.")?,
            max_fds: Gauge::new("process_max_fds", "The most file descriptors that may be open.")?,
            threads: Gauge::new("process_threads", "Threads of the process.")?,
            start_time: Gauge::new(
                "process_start_time_seconds",
                "When the process started, in seconds since 1970.",
            )?,
        })
    }

    fn gauges(&self) -> [&Gauge; 6] {
        [
            &self.resident,
            &self.virtual_memory,
            &self.open_fds,
            &self.max_fds,
            &self.threads,
            &self.start_time,
        ]
    }

    fn read(&self) -> ProcResult<()> {
        let process = Process::myself()?;
        let stat = process.stat()?;
        let ticks_per_second = procfs::ticks_per_second() as f64;
        self.cpu_reading
            .follow((stat.utime + stat.stime) as f64 / ticks_per_second);
        self.resident.set(stat.rss_bytes().get() as f64);
        self.virtual_memory.set(stat.vsize as f64);
        self.threads.set(stat.num_threads as f64);
        self.start_time
            .set(procfs::boot_time_secs()? as f64 + stat.starttime as f64 / ticks_per_second);
        self.open_fds.set(process.fd_count()? as f64);
        if let procfs::process::LimitValue::Value(limit) = process.limits()?.max_open_files.soft_limit {
            self.max_fds.set(limit as f64);
        }
        Ok(())
    }
}

impl Collector for ProcessCollector {
    fn desc(&self) -> Vec<&Desc> {
        let gauges = self.gauges().into_iter().flat_map(Collector::desc);
        self.cpu.desc().into_iter().chain(gauges).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        // Where /proc cannot be read the last readings stand: a scrape must not fail for that.
        let _ = self.read();
        let gauges = self.gauges().into_iter().flat_map(Collector::collect);
        self.cpu.collect().into_iter().chain(gauges).collect()
    }
}
