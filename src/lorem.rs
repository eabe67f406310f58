//! Filler text, as a service of its own behind a trait: where to measure a business method rather than a request.
//!
//! [`Lorem`] is the service, [`Text`] does the work, and what else is to happen with each call goes around it, one
//! concern each, as in go-kit's middlewares: [`Metrics`], [`Logging`], [`RateLimit`]. [`build`] puts them together.

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

/// The service as this application runs it. A call passes from the outside in:
///
/// 1. the rate limit: what it refuses is no call of the business method, and is neither measured nor logged here;
/// 2. the log;
/// 3. the metrics, next to the work, so that they time nothing else.
///
/// # Errors
///
/// Fails if the registry already holds a metric of one of the service's names.
pub fn build(settings: &LoremSettings, registry: &Registry) -> prometheus::Result<Arc<dyn Lorem>> {
    let measured = Metrics::register(Text, registry)?;
    let logged = Logging::new(measured);
    Ok(Arc::new(RateLimit::new(logged, settings.quota())))
}
