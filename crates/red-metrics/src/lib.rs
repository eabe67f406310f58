//! RED metrics (rate, errors, duration) and concurrency for any axum service.
//!
//! The module knows nothing of the service around it and can be lifted out as it is. Three pieces make it up:
//!
//! - [`MonitoredRouter`] collects the routes, each with what is known of it beforehand ([`Monitoring`]),
//! - [`RedMetrics`] owns the metric families in a registry of the caller's,
//! - [`RedMetricsLayer`] goes around the whole application and records each request once, when its response's body
//!   has ended, however it ended.
//!
//! What an application wants to know of a route's requests beyond that, it learns as an [`Observe`]r of the route;
//! Beside them stands [`SummaryVec`], a metric type that the prometheus crate lacks, for whoever measures elsewhere.
//!
//! No label value ever comes from a client: `path` is a route's template or `unmatched`, `method` a standard verb or
//! `other`, `status_code` a code that the service sent, or `aborted` where the client left before the end or got no answer.
//!
//! ```
//! use axum::{body::Body, routing::get};
//! use http::{Method, Request};
//! use red_metrics::{RedMetrics, MonitoredRouter, Monitoring, encode};
//! use prometheus::Registry;
//! use tower::{Layer, ServiceExt};
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let registry = Registry::new();
//! let metrics = RedMetrics::register(&registry)?;
//! let (router, routes) = MonitoredRouter::new()
//!     .route("/hello", get(async || "hello"), Monitoring::of([Method::GET]))
//!     .route("/healthz", get(async || "alive"), Monitoring::disabled())
//!     .into_parts();
//! let application = metrics.outermost(&routes).layer(router);
//!
//! let response = application.oneshot(Request::get("/hello").body(Body::empty())?).await?;
//! axum::body::to_bytes(Body::new(response.into_body()), 100).await?;
//! let recorded = r#"http_requests_total{method="GET",path="/hello",status_code="200"} 1"#;
//! assert!(encode(&registry)?.contains(recorded));
//! # Ok::<(), Box<dyn std::error::Error>>(()) })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod body;
mod bucketing;
mod buckets;
mod catalogue;
mod clock;
mod collector;
mod column;
mod exposition;
mod families;
mod future;
mod labels;
mod layer;
mod lookup;
mod observe;
mod outcomes;
#[cfg(target_os = "linux")]
pub mod process;
mod reading;
mod recorder;
mod routes;
mod row;
pub mod runtime;
mod seqlock;
mod series;
mod short_path;
mod short_paths;
mod summary;
mod sync;
mod tally;

pub use body::MeasuredBody;
pub use buckets::{DURATION_BUCKETS, SIZE_BUCKETS};
pub use exposition::{CONTENT_TYPE, encode};
pub use families::RedMetrics;
pub use future::ResponseFuture;
pub use layer::{RedMetricsLayer, RedMetricsService};
pub use lookup::Series;
pub use observe::{Observation, Observe};
pub use recorder::Recorder;
pub use routes::{MonitoredRouter, Monitoring, RouteTable};
pub use summary::{Summary, SummaryOpts, SummaryVec};
