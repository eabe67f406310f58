//! Summaries of selected routes, in addition to the histograms of all routes.

use std::time::Instant;

use prometheus::Registry;

use prometheus_summary::{Summary, SummaryOpts, SummaryVec};
use red_metrics::{Observation, Observe};

/// Metric family of the routes with a summary.
///
/// | metric | type | labels |
/// |---|---|---|
/// | `http_route_responses` | summary | path, measure (`duration`, in seconds; `size`, in bytes) |
///
/// Both measures share a name and differ by a label, as is common in small services. Their units differ, so a sum over
/// the label is meaningless. Prefer a name for each measure.
///
/// ```
/// use http::Method;
/// use observer::service::RouteSummaries;
/// use red_metrics::Monitoring;
///
/// # let registry = prometheus::Registry::new();
/// let summaries = RouteSummaries::register(&registry)?;
/// let monitoring = Monitoring::of([Method::GET]).observed_by(summaries.of("/orders"));
/// # Ok::<(), prometheus::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RouteSummaries {
    family: SummaryVec,
}

impl RouteSummaries {
    /// Creates the family and registers it.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds a metric of that name.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let opts = SummaryOpts::new(
            "http_route_responses",
            "Duration in seconds and size in bytes of the responses of selected routes, over the last 10 minutes.",
        );
        let family = SummaryVec::new(opts, &["path", "measure"])?;
        registry.register(Box::new(family.clone()))?;
        Ok(Self { family })
    }

    /// Returns the summaries of a route, for [`Monitoring::observed_by`](red_metrics::Monitoring::observed_by).
    #[must_use]
    pub fn of(&self, template: &str) -> RouteSummary {
        RouteSummary {
            duration: self.family.with_label_values(&[template, "duration"]),
            size: self.family.with_label_values(&[template, "size"]),
        }
    }
}

/// The two summaries of one route.
#[derive(Clone, Debug)]
pub struct RouteSummary {
    duration: Summary,
    size: Summary,
}

impl Observe for RouteSummary {
    fn observe(&self, request: &Observation) {
        let now = Instant::now();
        self.duration.observe_at(request.duration.as_secs_f64(), now);
        self.size.observe_at(request.body_bytes as f64, now);
    }
}
