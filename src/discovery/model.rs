//! The fields of Docker's answers that the discovery reads.
//!
//! Other fields are skipped and cost no memory. Go encodes an empty list as `null` and omits empty fields: both are
//! read as empty.

pub mod container;
pub mod info;
pub mod labels;
pub mod null;
pub mod swarm;
