//! Handlers, a file for each route.

pub mod counter;
pub mod echo;
pub mod health;
pub mod index;
pub mod lorem;
pub mod metrics;
pub mod ping;
