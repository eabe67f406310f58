//! Summaries of the requests to chosen routes, beside the histograms of all routes.

use std::time::Instant;

use prometheus::Registry;

use red_metrics::{Observation, Observe, Summary, SummaryOpts, SummaryVec};

/// The family of the routes that ask for a summary of their requests.
///
/// | metric | type | labels |
/// |---|---|---|
/// | `http_route_responses` | summary | path, measure (`duration`, in seconds; `size`, in bytes) |
///
/// Both measures are under one name, told apart by a label, which is how small services often begin. Their units differ,
/// so no sum over the label means anything: where there is a choice, give each measure a name of its own.
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
            "Duration in seconds and size in bytes of the responses of chosen routes, over the last 10 minutes.",
        );
        let family = SummaryVec::new(opts, &["path", "measure"])?;
        registry.register(Box::new(family.clone()))?;
        Ok(Self { family })
    }

    /// The summaries of the route with this template, for [`Monitoring::observed_by`](red_metrics::Monitoring::observed_by).
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
