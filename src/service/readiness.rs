//! Readiness: what the service needs to be ready, and the metric that shows whether it has it.

use std::time::Duration;

use prometheus::{IntGauge, IntGaugeVec, Opts, Registry};
use tokio::time::sleep;

use super::state::App;
use crate::store;

/// Pause between two rounds of checks in the background: no longer than that between two scrapes.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

/// What the service needs to be ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// No shutdown has begun.
    Shutdown,
    /// Postgres can serve the counter.
    Postgres,
}

impl Check {
    /// All checks, those that take no time first.
    pub const ALL: [Self; 2] = [Self::Shutdown, Self::Postgres];

    /// Returns the name, as in a response and in the metric.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shutdown => "shutdown",
            Self::Postgres => "postgres",
        }
    }

    /// Runs the check, for at most two seconds, and records its result.
    pub async fn run(self, app: &App) -> Result<(), NotReady> {
        let result = match self {
            Self::Shutdown if app.shutdown.is_set() => Err(NotReady::ShuttingDown),
            Self::Shutdown => Ok(()),
            Self::Postgres => app.store.check().await.map_err(NotReady::from),
        };
        app.readiness.by_check[self as usize].set(result.is_ok().into());
        result
    }
}

/// Why a check fails.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum NotReady {
    #[error("shutting down")]
    ShuttingDown,
    #[error(transparent)]
    Postgres(#[from] store::NotReady),
}

/// The last result of each check: `observer_ready`, by check.
#[derive(Debug)]
pub struct ReadinessMetrics {
    by_check: [IntGauge; Check::ALL.len()],
}

impl ReadinessMetrics {
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let opts = Opts::new(
            "observer_ready",
            "Whether a check of the readiness passes, 1 or 0; 0 before the first.",
        );
        let ready = IntGaugeVec::new(opts, &["check"])?;
        registry.register(Box::new(ready.clone()))?;
        Ok(Self {
            by_check: Check::ALL.map(|check| ready.with_label_values(&[check.as_str()])),
        })
    }
}

/// Runs all checks every few seconds, indefinitely: the metric is up to date though nobody requests `/readyz`.
pub async fn run_checks(app: App) {
    loop {
        // First the pause: whoever starts the service requests `/readyz`, which records the results as well.
        sleep(CHECK_INTERVAL).await;
        for check in Check::ALL {
            // The metric has the result.
            let _ = check.run(&app).await;
        }
    }
}
