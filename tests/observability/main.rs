//! What watches the service: rules, alerts, routes and dashboards, without a running stack. `tests/live` has the rest.

#[path = "../support/mod.rs"]
mod support;

#[path = "../pager/process.rs"]
#[allow(dead_code, reason = "of the pager only its metrics are of interest here")]
mod pager;

mod alertmanager;
mod cold_start;
mod dashboards;
mod names;
mod rules;
mod runbooks;
