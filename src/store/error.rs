//! The store's errors.

use sqlx::error::DatabaseError;

use super::metrics::OperationError;

/// The database is unavailable. The log says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database is unavailable")]
pub struct Unavailable;

/// Why the database cannot serve the counter, as a client may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    #[error("away; it does not respond in time")]
    Away,
    #[error("read-only")]
    ReadOnly,
    #[error("schema missing; `observer migrate` creates it")]
    SchemaMissing,
    #[error("permission to update the counter denied")]
    PermissionDenied,
}

impl From<&OperationError> for NotReady {
    fn from(error: &OperationError) -> Self {
        let code = match error {
            OperationError::Database(error) => error.as_database_error().and_then(DatabaseError::code),
            OperationError::Timeout(_) => None,
        };
        match code.as_deref() {
            // No such table; no such schema.
            Some("42P01" | "3F000") => Self::SchemaMissing,
            Some("42501") => Self::PermissionDenied,
            _ => Self::Away,
        }
    }
}
