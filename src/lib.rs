//! Observer: an HTTP microservice, run as two instances, with a whole observability stack.
//!
//! A request passes the metrics layer ([`red_metrics`], a crate of its own), then its route's [faults], then its
//! [handler](service). `/counter` uses the [store], `/lorem` the [lorem] service.
//!
//! | module | contents |
//! |---|---|
//! | [`cli`] | the command line and its subcommands |
//! | [`service`] | the application: routes, state, shutdown |
//! | [`control`] | the control listener, which changes the faults at run time |
//! | [`faults`] | fault injection: plans, random decisions, the layer |
//! | [`lorem`] | filler text: a service with metrics of its own |
//! | [`store`] | Postgres: pool, migrations, counter |
//! | [`peer`] | the continuous calls to the other instance |
//! | [`discovery`] | service discovery: from Docker's API to Prometheus' targets |
//! | [`pager`] | the receiver of Alertmanager's notifications: ledger, pages, heartbeat |
//! | [`healthcheck`] | the health check of a URL |
//! | [`web`] | the HTTP server that all subcommands share: accept loop, middleware, error responses |

/// Compiles and runs the code of the guide as doctests.
#[cfg(doctest)]
#[doc = include_str!("../docs/instrumenting.md")]
pub struct Instrumenting;

pub mod cli;
pub mod control;
pub mod discovery;
pub mod faults;
pub mod healthcheck;
pub mod lorem;
pub mod pager;
pub mod peer;
pub mod service;
pub mod store;
pub mod web;

mod build_info;
mod logging;
mod settings;
