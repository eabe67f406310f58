//! The application: how it is built, what it serves, and how it ends.

mod application;
mod payload;
mod route_summaries;
mod router;
mod routes;
mod settings;
mod state;

pub use application::Application;
pub use route_summaries::{RouteSummaries, RouteSummary};
pub use settings::ServiceSettings;
