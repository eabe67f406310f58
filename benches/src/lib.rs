//! What the benchmarks share.
//!
//! Each program in `bin/` measures one thing and writes [`Measurement`]s to its standard output, one a line, as JSON; what
//! it does meanwhile it tells on standard error. `report` makes the table of all of them.
//!
//! Neither criterion nor divan measures two candidates in turns, and on a machine that does other work too the one that is
//! measured in the quieter half minute wins. So the rounds here take turns: see [`rounds`].

pub mod candidates;
mod measurement;
pub mod rounds;
pub mod threads;

pub use measurement::{Bound, Measurement, Spread};
