//! What the tests of the workspace share: clients, parsers and the tools that they run.

pub mod client;
pub mod dashboard;
pub mod exposition;
pub mod prometheus;
pub mod promql;
pub mod promtool;
pub mod proxy;
pub mod repository;
pub mod rules;
pub mod stack;
pub mod tools;
