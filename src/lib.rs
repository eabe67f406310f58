//! Observer: one HTTP microservice, run twice, and what it takes to watch it.
//!
//! Data goes one way: a request passes the [metrics] layer, reaches a [route](service), meets its
//! [faults], and, for the counter, the [store], for filler text the [lorem] service.
//!
//! | module | what is in it |
//! |---|---|
//! | [`cli`] | the command line: a subcommand each for the service, the migrations, the pager, the discovery and the health check |
//! | [`service`] | the application: how it is built, its routes, its errors, its shutdown |
//! | [`control`] | the control listener: the faults are changed here while the service runs |
//! | [`faults`] | which requests fail or wait, by chance, on purpose |
//! | [`lorem`] | filler text: a service that is measured by itself, behind the requests |
//! | [`store`] | Postgres: the pool, the migrations, the counter |
//! | [`peer`] | the endless calls to the other instance |
//! | [`discovery`] | asks Docker what runs, and tells Prometheus where to scrape |
//! | [`pager`] | what Alertmanager notifies: the ledger, the page, the heartbeat |
//! | [`healthcheck`] | asks a URL whether it answers |
//! | [`web`] | what every server here needs: the accept loop, the layers, error replies |

/// The code in the guide is compiled and run with the other examples.
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
