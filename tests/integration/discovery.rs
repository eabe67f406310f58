//! `observer discover`, run as the binary, against a fake Docker engine.

mod crash;
mod engine;
mod failures;
mod finding;
mod http_sd;
mod mapping;
mod process;
mod recorded;
mod scale;
