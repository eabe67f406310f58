//! What the integration tests share: the real application on a real socket, and the parts around it.

// Each test crate uses its own selection of these.
#![allow(dead_code)]

pub mod app;
pub mod client;
pub mod dashboard;
pub mod exposition;
pub mod limits;
pub mod prometheus;
pub mod promql;
pub mod promtool;
pub mod proxy;
pub mod repository;
pub mod rules;
pub mod stack;
pub mod tools;
