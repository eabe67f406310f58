//! The application: how it is built, what it serves, and how it ends.

mod application;
mod payload;
mod router;
mod routes;
mod settings;
mod state;

pub use application::Application;
pub use settings::ServiceSettings;
