//! The pager, run as the binary, with notifications as Alertmanager sends them.

mod bad_input;
mod crash;
mod durability;
mod formats;
mod forwarding;
mod heartbeat;
mod incidents;
mod ledger_file;
mod lenient;
mod pages;
pub mod process;
mod receiver;
mod tls;
