//! The console: the whole stack in one browser page.
//!
//! It serves pages that are embedded in the binary, and an API for them: the dashboards, read from their files, and what
//! Prometheus, Alertmanager and the pager answer. It stores nothing.

mod access;
mod assets;
mod dashboards;
pub mod logging;
mod pages;
mod parts;
mod problem;
mod proxy;
mod routes;
mod server;
mod settings;
mod upstream;

pub use server::Console;
pub use settings::ConsoleSettings;
