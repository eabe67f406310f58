//! The text that Prometheus scrapes.

use prometheus::{Registry, TextEncoder};

/// The content type of [`encode`]'s text: Prometheus' exposition format 0.0.4.
pub const CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;

/// All metrics of the registry in Prometheus' text format.
///
/// # Errors
///
/// Fails if a collector returns a family that is malformed, for example one without a name.
pub fn encode(registry: &Registry) -> prometheus::Result<String> {
    TextEncoder::new().encode_to_string(&registry.gather())
}
