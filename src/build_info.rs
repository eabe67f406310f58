//! Which build this is, as a metric.

use prometheus::{Gauge, Opts, Registry};

/// The commit that this was built from, where the build was told.
const REVISION: &str = match option_env!("OBSERVER_REVISION") {
    Some(revision) => revision,
    None => "unknown",
};

/// Registers `observer_build_info`: always 1, the facts are in its labels, to be joined to other series.
pub fn register(registry: &Registry) -> prometheus::Result<()> {
    let info = Gauge::with_opts(
        Opts::new("observer_build_info", "Which build runs: always 1.")
            .const_label("version", env!("CARGO_PKG_VERSION"))
            .const_label("revision", REVISION),
    )?;
    info.set(1.0);
    registry.register(Box::new(info))
}
