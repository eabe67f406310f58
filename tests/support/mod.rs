//! What the tests of the metrics layer share with the rest.

// Each test crate uses its own selection of these.
#![allow(dead_code, unused_imports)]

pub mod limits;

pub use test_support::*;
