//! The pager, run as the binary, with notifications as Alertmanager sends them.

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod durability;
mod hand_on;
mod heartbeat;
mod pages;
mod process;
