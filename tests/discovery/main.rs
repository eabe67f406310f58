//! `observer discover`, run as the binary, before an engine that answers as Docker does.

#[path = "../support/mod.rs"]
mod support;

mod crash;
mod engine;
mod failures;
mod finding;
mod http_sd;
mod mapping;
mod process;
mod recorded;
mod scale;
