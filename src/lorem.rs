//! Filler text: an example of instrumenting a business method rather than a request.
//!
//! [`Lorem`] is the service's trait and [`Text`] its implementation. Each cross-cutting concern is a decorator, as in
//! go-kit's middlewares: [`Metrics`], [`Logging`], [`RateLimit`]. [`build`] composes them.

mod error;
mod kind;
mod length;
mod logging;
mod metrics;
mod rate_limit;
mod service;
mod settings;
mod text;

use std::sync::Arc;

use prometheus::Registry;

pub use error::RateLimited;
pub use kind::Kind;
pub use length::{InvalidLength, Length, MAX_LENGTH};
pub use logging::Logging;
pub use metrics::Metrics;
pub use rate_limit::RateLimit;
pub use service::Lorem;
pub use settings::LoremSettings;
pub use text::Text;

/// Composes the service. A call passes, from the outside in:
///
/// 1. the rate limit: refused calls do not reach the business method, and are neither logged nor measured;
/// 2. the log;
/// 3. the metrics, innermost, so that they time the work alone.
///
/// # Errors
///
/// Fails if the registry already holds a metric of one of the service's names.
pub fn build(settings: &LoremSettings, registry: &Registry) -> prometheus::Result<Arc<dyn Lorem>> {
    let measured = Metrics::register(Text, registry)?;
    let logged = Logging::new(measured);
    Ok(Arc::new(RateLimit::new(logged, settings.quota())))
}
