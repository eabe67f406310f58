//! Fault injection: errors, delays, hangs and dropped connections, at random.
//!
//! A [`FaultPlan`] says how often and how long. The [`PlanSwitch`] holds the active plan: the start-up plan of the
//! settings, a [`PlanChange`] from the control API, or one of the [`Incidents`]. For each request the [`FaultInjector`]
//! draws a [`FaultDecision`] from the active plan, and the [`FaultLayer`] carries it out.

mod change;
mod decision;
mod delay;
mod incidents;
mod injector;
mod layer;
mod metrics;
mod object;
mod plan;
mod ratio;
mod settings;
mod status;
mod switch;

pub use change::{PlanChange, PlanChangeError};
pub use decision::{FaultDecision, Outcome};
pub use delay::Delay;
pub use incidents::Incidents;
pub use injector::FaultInjector;
pub use layer::FaultLayer;
pub use plan::{Endpoint, EndpointFaults, FaultPlan};
pub use ratio::Ratio;
pub use settings::FaultSettings;
pub use status::ErrorStatus;
pub use switch::{ActivePlan, Origin, PlanSwitch};
