//! What the service does when it is not treated well: through real sockets, against the real binary in a process of its
//! own, with a real Postgres that is really killed.
//!
//! `make abuse` runs these, one after the other. They take minutes and much of the machine, and some compare times, so
//! an ordinary `cargo test` leaves them out. Times are compared with others of the same run, never with a stopwatch's
//! idea of a good machine; what must be right is checked to the last request.

mod database_killed;
mod descriptors;
mod large_bodies;
mod load;
mod malformed;
mod overload;
mod process;
mod restart;
mod slow_clients;
