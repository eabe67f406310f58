//! What a service may choose of its metrics.

use prometheus::Error;
use quanta::Clock;

use crate::buckets::{Buckets, DURATION_BUCKETS, SIZE_BUCKETS};

/// Nanoseconds are recorded, seconds are exposed.
pub(crate) const NANOSECONDS_PER_SECOND: f64 = 1e9;

/// The label that the text format reserves for histograms.
const RESERVED_LABEL: &str = "le";

/// The chosen names and buckets, checked.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) names: Names,
    pub(crate) durations: Buckets,
    pub(crate) sizes: Buckets,
    /// Reads the processor's counter where that is a clock, in half the time that the operating system's clock takes.
    pub(crate) clock: Clock,
}

/// The prefix of the metrics' names, and the names of their labels.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) prefix: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status_code: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            prefix: "http".to_owned(),
            method: "method".to_owned(),
            path: "path".to_owned(),
            status_code: "status_code".to_owned(),
        }
    }
}

/// The choices as they are made.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    pub(crate) names: Names,
    pub(crate) duration_buckets: Vec<f64>,
    pub(crate) size_buckets: Vec<f64>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            names: Names::default(),
            duration_buckets: DURATION_BUCKETS.to_vec(),
            size_buckets: SIZE_BUCKETS.to_vec(),
        }
    }
}

impl Choices {
    /// Checks the choices.
    ///
    /// # Errors
    ///
    /// Fails if bounds make no histogram, or if a label has a reserved name or one that is taken. Names with invalid
    /// characters are left to the prometheus crate.
    pub(crate) fn check(self) -> prometheus::Result<Config> {
        let Names {
            method,
            path,
            status_code,
            ..
        } = &self.names;
        for (label, others) in [
            (method, [path, status_code]),
            (path, [method, status_code]),
            (status_code, [method, path]),
        ] {
            if label == RESERVED_LABEL || others.contains(&label) {
                return Err(Error::Msg(format!(
                    "label names: found {method:?}, {path:?} and {status_code:?}, expected three different ones other than \
                     {RESERVED_LABEL:?}"
                )));
            }
        }
        Ok(Config {
            durations: Buckets::new("duration_buckets", self.duration_buckets, NANOSECONDS_PER_SECOND)?,
            sizes: Buckets::new("size_buckets", self.size_buckets, 1.0)?,
            // Calibrates the counter, once for the process.
            clock: Clock::new(),
            names: self.names,
        })
    }
}
