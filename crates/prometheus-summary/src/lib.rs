//! Summaries for the prometheus crate: quantiles over a sliding window, computed by the process itself.
//!
//! The prometheus crate has no metric of this type. A [`Summary`] is one, a [`SummaryVec`] is a family of them. Both are
//! collectors of that crate, and its text encoder writes them.
//!
//! # What the quantiles mean
//!
//! They cover the observations of the last 10 minutes, as in Prometheus' Go client. The window consists of 5 slices of
//! 2 minutes, the oldest of which is dropped as a whole, so it holds between 8 and 10 minutes. A quantile of an empty window
//! is NaN. `_sum` and `_count` cover all time and never decrease.
//!
//! # How exact they are
//!
//! A quantile differs by at most 1 % from an observation that was made: that of rank ⌊q · (n − 1)⌋, counted from 0, of the n
//! in the window. This holds for every distribution, because the sketch counts in buckets whose bounds grow by a constant
//! factor (Masson, Rim, Lee: "`DDSketch`", VLDB 2019). There are two exceptions:
//!
//! - Values closer to 0 than 10⁻⁹ count as 0.
//! - A sketch has at most 2,048 buckets. If the observations of one sign span more than 17 orders of magnitude, those closest
//!   to 0 share one bucket. The large ones keep the bound.
//!
//! A quantile of a histogram is off by up to the width of a bucket, but histograms of several instances can be added first.
//! Quantiles can be neither added nor averaged.
//!
//! # What they cost
//!
//! An observation takes a lock that few threads share, and a logarithm. Each summary takes 8 bytes for each bucket of the
//! range that the observations span, in each slice of each shard in use: 3 KB for times from 1 ms to 1 s, at most 40 times
//! (5 slices, 8 shards).
//!
//! ```
//! use prometheus::{Registry, TextEncoder};
//! use prometheus_summary::{SummaryOpts, SummaryVec};
//!
//! let registry = Registry::new();
//! let opts = SummaryOpts::new("queue_wait_seconds", "Time that a job has waited.");
//! let wait = SummaryVec::new(opts, &["queue"])?;
//! registry.register(Box::new(wait.clone()))?;
//!
//! let mail = wait.with_label_values(&["mail"]);
//! let text = || TextEncoder::new().encode_to_string(&registry.gather());
//! assert!(text()?.contains(r#"queue_wait_seconds{queue="mail",quantile="0.5"} NaN"#));
//! mail.observe(0.25);
//! assert!(text()?.contains(r#"queue_wait_seconds_count{queue="mail"} 1"#));
//! # Ok::<(), prometheus::Error>(())
//! ```

#![warn(missing_docs)]

mod family;
mod labels;
mod options;
mod shard;
mod summary;
mod window;

pub use family::SummaryVec;
pub use options::SummaryOpts;
pub use summary::Summary;
