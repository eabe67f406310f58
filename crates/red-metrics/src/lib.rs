//! RED metrics (rate, errors, duration) and concurrency for any axum service, in Prometheus' format.
//!
//! ```
//! use axum::{Router, routing::get};
//! use red_metrics::{Monitoring, RedMetrics, prometheus::Registry, scrape};
//!
//! # fn main() -> red_metrics::prometheus::Result<()> {
//! # let router: Router = Router::new();
//! let registry = Registry::new();
//! let metrics = RedMetrics::register(&registry)?;
//! let router = router
//!     .route("/metrics", get(async move || scrape(&registry)))
//!     .layer(metrics.layer().route("/metrics", Monitoring::disabled()));
//! # drop(router);
//! # Ok(())
//! # }
//! ```
//!
//! # Two ways to add it
//!
//! - **Drop-in**: [`RedMetrics::layer`] makes a layer for [`Router::layer`](axum::Router::layer). It works with `nest`,
//!   `merge`, `fallback` and `route_layer`, under [`axum::serve`](fn@axum::serve). A request's `path` is the template that
//!   the router has matched. Added last, it measures whatever the other layers and the routes answer.
//! - **Outermost**: [`RedMetrics::outermost`] makes a layer around a whole service, which is told the routes
//!   ([`MonitoredRouter`] notes them). It adds no allocation to a request.
//!
//! Both record the same. What a service may choose is in [`RedMetricsBuilder`] for all routes, in [`Monitoring`] for each.
//!
//! # How a request becomes a number
//!
//! 1. **Lookup.** The service that the layer makes finds the request's [`Series`]: the route by its template, then the
//!    method. The drop-in layer takes the template from axum's `MatchedPath`, the outermost one looks the path up in a
//!    hash map, or, where templates have parameters, in the same tree that axum uses.
//! 2. **Start.** [`Series::start`] counts the request as in flight, reads the clock and returns a [`Recorder`], a guard.
//!    The guard waits in the response's future for the head, notes the status and moves into the response's body.
//! 3. **End.** The body counts its bytes. When the server has what it asks for, the guard is dropped: it reads the clock
//!    again and records duration, size and status together. It is dropped as well when the client leaves, which is recorded
//!    as `aborted`, and when a handler panics, which is recorded as 500. So each request is recorded once, and the gauge
//!    comes back.
//! 4. **Record.** Each thread adds to cells of its own, so that requests on different threads do not contend. The cells
//!    hold whole counts for each bucket, and are locked: only a scrape ever contends for the lock.
//! 5. **Scrape.** The collector that is registered with the [`Registry`](prometheus::Registry) merges the cells of all
//!    threads, one path and method at a time. A thread's cells are read under their lock, so a request is in all of the
//!    four families or in none. What a thread has recorded stays when the thread ends: counters never go back.
//!
//! # Cardinality
//!
//! No label value ever comes from a client. `path` is a route's template or `unmatched`, `method` is a standard method or
//! `other`, `status_code` is a code that the service sent, or `aborted`.
//!
//! # Features
//!
//! - `drop-in` (default): [`RedMetrics::layer`]. Without it axum does not note the matched template with each request.
//! - `process`: the process's CPU time, memory and file descriptors, on Linux (`process::register`).
//! - `runtime`: tokio's workers, tasks and queue (`runtime::register`).

#![warn(missing_docs)]

mod body;
mod buckets;
mod cells;
mod collector;
mod config;
#[cfg(feature = "drop-in")]
mod drop_in;
mod exposition;
mod future;
mod labels;
mod monitoring;
mod observe;
mod outermost;
mod per_thread;
#[cfg(all(feature = "process", target_os = "linux"))]
pub mod process;
#[cfg(any(all(feature = "process", target_os = "linux"), feature = "runtime"))]
mod reading;
mod recorder;
mod red_metrics;
mod registry;
mod route_table;
#[cfg(feature = "runtime")]
pub mod runtime;
mod service;

pub use body::MeasuredBody;
pub use buckets::{DURATION_BUCKETS, SIZE_BUCKETS};
#[cfg(feature = "drop-in")]
pub use drop_in::RedMetricsLayer;
pub use exposition::{CONTENT_TYPE, encode, scrape};
pub use future::ResponseFuture;
pub use monitoring::Monitoring;
pub use observe::{Observation, Observe};
pub use outermost::OutermostLayer;
/// The crate whose registry the metrics are in.
pub use prometheus;
pub use recorder::{Recorder, Series};
pub use red_metrics::{RedMetrics, RedMetricsBuilder};
pub use route_table::{MonitoredRouter, RouteTable};
pub use service::RedMetricsService;
