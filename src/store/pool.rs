//! The pool of connections.

use std::time::Duration;

use sqlx::{PgPool, postgres::PgPoolOptions};

use super::DatabaseSettings;

/// How long a caller waits for a connection. With sqlx' default of 30 s a lost database would hold requests for as long.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);

/// A pool that connects when it is first used.
///
/// A connection is not tried before it is handed out, which would cost a round trip each time. Whoever uses it must
/// expect that it has gone stale.
pub fn open(settings: &DatabaseSettings) -> PgPool {
    PgPoolOptions::new()
        .max_connections(settings.database_pool_size)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .connect_lazy_with(settings.database.options.clone())
}
