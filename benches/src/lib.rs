//! Benchmarks of the metrics layer, the counter and the service, beside their peers and against their targets.
//!
//! | module | content |
//! |---|---|
//! | [`part`] | the parts of the benchmark, one file each |
//! | [`candidates`] | the same application measured in different ways, for the parts that measure in this process |
//! | [`server`], [`load`], [`command`] | the servers, the load on them, and other programs |
//! | [`rounds`] | candidates that take turns |
//! | [`measurement`], [`report`] | figures, targets, and the tables of them |
//!
//! Programs in `bin/` are processes of their own: two peers of the service (`bare`, `one_update`), a process whose
//! allocations and instructions are counted (`counted`), and CI's limits on these (`guard`).
//!
//! Neither criterion nor divan lets candidates take turns. On a machine that does other work too, the candidate that is
//! measured in the quieter half minute would win.

pub mod candidates;
pub mod command;
pub mod load;
pub mod measurement;
pub mod part;
pub mod report;
pub mod rounds;
pub mod server;
pub mod threads;
pub mod usage;
