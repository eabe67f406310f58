//! Shared by the tests of the workspace: clients, parsers, and the tools that tests run.
//!
//! It knows nothing of the crates under test. A helper that fails panics, as an assertion does.

pub mod alertmanager;
pub mod client;
pub mod dashboard;
pub mod exposition;
pub mod pgbouncer;
pub mod prometheus;
pub mod promql;
pub mod promtool;
pub mod proxy;
pub mod repository;
pub mod rules;
pub mod stack;
pub mod tools;
