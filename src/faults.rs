//! Failures and delays on purpose, by chance: what makes the dashboards worth looking at.
//!
//! A [`FaultPlan`] says how often and how long, a [`FaultInjector`] draws each request's fate from it, and
//! [`inject`] is the middleware that lets the fate happen.

mod delay;
mod injector;
mod metrics;
mod middleware;
mod plan;

pub use delay::Delay;
pub use injector::{Fate, FaultInjector};
pub use middleware::inject;
pub use plan::{Endpoint, EndpointFaults, FaultPlan, FaultSettings, Ratio};
