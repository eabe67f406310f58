//! Rules, alerts, routes and dashboards, checked without a running stack. `tests/live` checks the running one.

mod alert_chain;
mod alertmanager;
mod cold_start;
mod dashboards;
mod names;
mod rules;
mod runbooks;
