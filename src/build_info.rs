//! The build, as a metric.

use prometheus::{Gauge, Opts, Registry};

/// The commit of the build, if `OBSERVER_REVISION` is set at compile time.
const REVISION: &str = match option_env!("OBSERVER_REVISION") {
    Some(revision) => revision,
    None => "unknown",
};

/// Registers `observer_build_info`: a gauge that is always 1, with version and revision as labels to join on.
pub fn register(registry: &Registry) -> prometheus::Result<()> {
    let info = Gauge::with_opts(
        Opts::new("observer_build_info", "Version and revision of the build; always 1.")
            .const_label("version", env!("CARGO_PKG_VERSION"))
            .const_label("revision", REVISION),
    )?;
    info.set(1.0);
    registry.register(Box::new(info))
}
