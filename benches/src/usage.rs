//! What processes use, as Linux reports it in /proc.

use std::time::Duration;

/// CPU time of a process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cpu {
    pub user: Duration,
    pub system: Duration,
}

impl Cpu {
    /// Returns user and system time together.
    pub fn total(self) -> Duration {
        self.user + self.system
    }

    /// Returns what was used since an earlier reading.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            user: self.user.saturating_sub(earlier.user),
            system: self.system.saturating_sub(earlier.system),
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use anyhow::Context;
    use procfs::process::Process;

    use super::{Cpu, Duration};

    fn duration(ticks: u64) -> Duration {
        Duration::from_secs_f64(ticks as f64 / procfs::ticks_per_second() as f64)
    }

    fn process(id: u32) -> anyhow::Result<Process> {
        Ok(Process::new(i32::try_from(id)?)?)
    }

    /// Returns the CPU time that a process has used.
    pub fn cpu(id: u32) -> anyhow::Result<Cpu> {
        let stat = process(id)?.stat()?;
        Ok(Cpu {
            user: duration(stat.utime),
            system: duration(stat.stime),
        })
    }

    /// Returns the CPU time of the processes that this one has started and waited for, and of theirs.
    pub fn children_cpu() -> anyhow::Result<Cpu> {
        let stat = Process::myself()?.stat()?;
        Ok(Cpu {
            user: duration(stat.cutime.try_into()?),
            system: duration(stat.cstime.try_into()?),
        })
    }

    /// Returns the resident memory of a process, in MB.
    pub fn resident(id: u32) -> anyhow::Result<f64> {
        let kib = process(id)?.status()?.vmrss.context("VmRSS: not in /proc")?;
        Ok(kib as f64 * 1024.0 / 1e6)
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use super::Cpu;

    pub fn cpu(_id: u32) -> anyhow::Result<Cpu> {
        anyhow::bail!("CPU time of a process: known on Linux only")
    }

    pub fn children_cpu() -> anyhow::Result<Cpu> {
        anyhow::bail!("CPU time of a process: known on Linux only")
    }

    pub fn resident(_id: u32) -> anyhow::Result<f64> {
        anyhow::bail!("resident memory of a process: known on Linux only")
    }
}

#[cfg(not(target_os = "linux"))]
pub use elsewhere::{children_cpu, cpu, resident};
#[cfg(target_os = "linux")]
pub use linux::{children_cpu, cpu, resident};

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{process::id, time::Instant};

    use super::*;

    #[test]
    fn work_is_counted_as_cpu_time() {
        let before = cpu(id()).expect("this process");
        let started = Instant::now();
        while cpu(id()).expect("this process").since(before).total() < Duration::from_millis(30) {
            assert!(started.elapsed() < Duration::from_mins(1));
        }
    }

    #[test]
    fn resident_memory_is_in_megabytes() {
        let resident = resident(id()).expect("this process");
        assert!((1.0..10_000.0).contains(&resident), "{resident}");
    }
}
