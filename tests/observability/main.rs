//! What watches the service: rules, alerts, routes and dashboards, without a running stack. `tests/live` has the rest.

#[path = "../support/mod.rs"]
mod support;

mod alertmanager;
mod dashboards;
mod names;
mod rules;
