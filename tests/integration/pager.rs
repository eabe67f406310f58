//! The pager, run as the binary, with notifications as Alertmanager sends them.

mod bad_input;
mod durability;
mod forwarding;
mod heartbeat;
mod pages;
pub mod process;
