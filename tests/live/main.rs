//! A running stack: every link of the chain works, from the load to the panels and the pager.
//!
//! `cargo test` leaves it out, because it needs a stack under load; `make verify` runs it and sets the variables that
//! say where the stack is. What comes with time, such as a first scrape, may take some minutes.

mod console;
mod dashboards;
mod monitoring;
mod services;
