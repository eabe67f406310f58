//! What the integration tests share: the real application on a real socket, and the parts around it.

// Each test crate uses its own selection of these.
#![allow(dead_code, unused_imports)]

pub mod app;
pub mod limits;

pub use test_support::*;
