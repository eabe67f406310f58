//! The parts of the benchmark.

pub mod build;
pub mod cost;
pub mod counter;
pub mod footprint;
pub mod layer;
pub mod scrape;
pub mod service;
pub mod summary;

use std::{ffi::OsString, fmt};

use clap::{Args, ValueEnum};

use crate::{load::Wrk, measurement::Measurement};

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Allocations and instructions that measuring adds to a request, in process
    Cost,
    /// The same, and the time that measuring adds to a request, in process
    Layer,
    /// An observation of a summary and of a histogram, in process
    Summary,
    /// CPU time of a request beside a bare axum server's, with up to 10,000 open connections
    Service,
    /// /counter beside one UPDATE for each request, two instances, and pgbench
    Counter,
    /// The time of GET /metrics
    Scrape,
    /// Size of the binary, resident memory, time until ready
    Footprint,
    /// The time of a clean release build
    Build,
}

/// The programs and the database that the parts use.
#[derive(Debug, Args)]
pub struct Tools {
    /// The command that runs wrk, one word each
    #[arg(long, value_name = "WORD", default_value = "wrk", allow_hyphen_values = true)]
    wrk: Vec<OsString>,

    /// The command that runs pgbench, one word each
    #[arg(long, value_name = "WORD", default_value = "pgbench", allow_hyphen_values = true)]
    pgbench: Vec<OsString>,

    /// A database that `observer migrate` has prepared
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
}

impl Part {
    /// Returns the parts to measure: all if none is named. `layer` contains `cost`.
    pub fn selected(named: &[Self]) -> Vec<Self> {
        let all = if named.is_empty() {
            Self::value_variants()
        } else {
            named
        };
        let with_layer = all.contains(&Self::Layer);
        all.iter()
            .copied()
            .filter(|part| *part != Self::Cost || !with_layer)
            .collect()
    }

    /// Measures the part.
    pub fn measure(self, tools: &Tools) -> anyhow::Result<Vec<Measurement>> {
        let wrk = Wrk::new(&tools.wrk);
        match self {
            Self::Cost => cost::measure(),
            Self::Layer => layer::measure(),
            Self::Summary => summary::measure(),
            Self::Service => service::measure(&wrk, &tools.database_url),
            Self::Counter => counter::measure(&wrk, &tools.pgbench, &tools.database_url),
            Self::Scrape => scrape::measure(&wrk, &tools.database_url),
            Self::Footprint => footprint::measure(&wrk, &tools.database_url),
            Self::Build => build::measure(),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_possible_value().expect("no part is skipped").get_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_are_selected_by_default() {
        let selected = Part::selected(&[]);
        assert_eq!(selected.len(), Part::value_variants().len() - 1);
        assert_eq!(selected[0], Part::Layer);
    }

    #[test]
    fn cost_is_measured_once() {
        assert_eq!(Part::selected(&[Part::Cost, Part::Layer]), [Part::Layer]);
        assert_eq!(Part::selected(&[Part::Build, Part::Cost]), [Part::Build, Part::Cost]);
    }
}
