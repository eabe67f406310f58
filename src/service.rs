//! The service: its application, routes and shutdown.

mod application;
mod payload;
mod readiness;
mod route_summaries;
mod router;
mod routes;
mod settings;
mod state;

pub use application::Application;
pub use route_summaries::{RouteSummaries, RouteSummary};
pub use settings::ServiceSettings;
