//! The crate as its users have it: on real routers, sockets and threads.

mod configuration;
mod consistency;
mod drop_in;
mod examples;
mod leak;
mod lookup;
mod requests;
