//! Failures and delays on purpose, by chance: what makes the dashboards worth looking at.
//!
//! A [`FaultPlan`] says how often and how long. The [`PlanSwitch`] holds the one that is in force: that of the settings,
//! or one that a [`PlanChange`] asked for, or one of the [`Incidents`]. A [`FaultInjector`] draws each request's fate from it, and
//! the [`FaultLayer`] lets the fate happen.

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
