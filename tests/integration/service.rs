//! The service through its real router on a real socket, with a real Postgres where one is needed.

mod bad_input;
mod control;
mod counter;
mod exposition;
mod faults;
mod keep_alive;
mod limits;
mod lorem;
mod payload;
mod peer;
mod pgbouncer;
mod readiness;
mod request_id;
mod request_log;
mod route_summary;
mod shutdown;
mod stale_connections;
