//! From a failure to a page and back, on a running stack: what breaks is noticed, told, and told to be over.
//!
//! It breaks the stack on purpose, by the commands that a person would type, and mends it again. `make verify_alerts`
//! runs it and sets the variables that say where the stack is. It takes about ten minutes: alerts wait before they fire.

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod error_burst;
mod monitoring_down;
mod pager;
