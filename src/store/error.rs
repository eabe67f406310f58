//! The store's error.

/// The database is unavailable. The log says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database is unavailable")]
pub struct Unavailable;
