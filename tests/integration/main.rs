//! Integration tests, in one binary: linking takes longer than compiling, so one is quicker to build than many.
//!
//! Two suites are binaries of their own, because they run apart: `live` needs a running stack (`make verify`), `abuse`
//! takes minutes and the whole machine (`make abuse`).

mod app;

mod command_line;
mod discovery;
mod injected_and_observed;
mod observability;
mod pager;
mod service;
