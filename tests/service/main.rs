//! The service through its real router on a real socket; where it takes part, with a real Postgres.

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod clock;
mod control;
mod counter;
mod exposition;
mod faults;
mod limits;
mod lorem;
mod payload;
mod peer;
mod readiness;
mod request_id;
mod route_summary;
mod shutdown;
