//! RED metrics (rate, errors, duration) and concurrency for any axum service.
//!
//! The module knows nothing of the service around it and can be lifted out as it is. Three pieces make it up:
//!
//! - [`MonitoredRouter`] collects the routes, each with what is known of it beforehand ([`Monitoring`]),
//! - [`HttpMetrics`] owns the metric families in a registry of the caller's,
//! - [`HttpMetricsLayer`] goes around the whole application and records each request once, when its response's body
//!   has ended, however it ended.
//!
//! No label value ever comes from a client: `path` is a route's template or `unmatched`, `method` a standard verb or
//! `other`, `status_code` a code that the service sent, or `aborted` where the client left before the end.
//!
//! ```
//! use axum::routing::get;
//! use http::Method;
//! use observer::metrics::{HttpMetrics, MonitoredRouter, Monitoring};
//! use prometheus::Registry;
//! use tower::Layer;
//!
//! let registry = Registry::new();
//! let metrics = HttpMetrics::register(&registry)?;
//! let (router, routes) = MonitoredRouter::new()
//!     .route("/hello", get(async || "hello"), Monitoring::of([Method::GET]))
//!     .route("/healthz", get(async || "alive"), Monitoring::off())
//!     .into_parts();
//! let application = metrics.layer(&routes).layer(router.with_state(()));
//! # let _: () = { let _ = application; };
//! # Ok::<(), prometheus::Error>(())
//! ```

mod body;
mod buckets;
mod client;
mod exposition;
mod families;
mod future;
mod labels;
mod layer;
mod recorder;
mod routes;
mod series;

pub use body::MeasuredBody;
pub use buckets::{DURATION_BUCKETS, SIZE_BUCKETS};
pub use client::{HttpClientMetrics, PeerMetrics};
pub use exposition::{CONTENT_TYPE, encode};
pub use families::HttpMetrics;
pub use future::ResponseFuture;
pub use layer::{HttpMetricsLayer, HttpMetricsService};
pub use routes::{MonitoredRouter, Monitoring, RouteTable};
