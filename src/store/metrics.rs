//! Metrics of the database client.

use std::time::{Duration, Instant};

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntGauge, IntGaugeVec, Opts, Registry,
    core::{Collector, Desc},
    proto::MetricFamily,
};
use sqlx::PgPool;
use tokio::time::error::Elapsed;

use red_metrics::DURATION_BUCKETS;

/// A database operation.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    /// Reserve numbers of the counter for all waiting callers.
    Increment,
    /// Check readiness.
    Check,
}

impl Operation {
    const ALL: [Self; 2] = [Self::Increment, Self::Check];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Increment => "increment",
            Self::Check => "check",
        }
    }
}

/// Metrics of the operations: `db_client_operation_duration_seconds`, by operation and outcome.
#[derive(Clone, Debug)]
pub struct OperationMetrics {
    by_operation: [Outcomes; Operation::ALL.len()],
}

#[derive(Clone, Debug)]
struct Outcomes {
    ok: Histogram,
    error: Histogram,
    timeout: Histogram,
}

/// A failed operation.
#[derive(Debug, thiserror::Error)]
pub enum OperationError {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error("timed out")]
    Timeout(#[from] Elapsed),
}

impl OperationMetrics {
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let duration = HistogramVec::new(
            HistogramOpts::new(
                "db_client_operation_duration_seconds",
                "Duration of a database operation, without the wait for a connection; 0 where it got none.",
            )
            .buckets(DURATION_BUCKETS.to_vec()),
            &["operation", "outcome"],
        )?;
        registry.register(Box::new(duration.clone()))?;
        Ok(Self {
            by_operation: Operation::ALL.map(|operation| {
                let outcome = |outcome| duration.with_label_values(&[operation.as_str(), outcome]);
                Outcomes {
                    ok: outcome("ok"),
                    error: outcome("error"),
                    timeout: outcome("timeout"),
                }
            }),
        })
    }

    /// Runs an operation and records its duration and outcome.
    pub async fn measure<T>(
        &self,
        operation: Operation,
        work: impl Future<Output = Result<sqlx::Result<T>, Elapsed>>,
    ) -> Result<T, OperationError> {
        let started = Instant::now();
        let result = match work.await {
            Ok(result) => result.map_err(OperationError::from),
            Err(elapsed) => Err(elapsed.into()),
        };
        let outcomes = &self.by_operation[operation as usize];
        let histogram = match &result {
            Ok(_) => &outcomes.ok,
            Err(OperationError::Timeout(_) | OperationError::Database(sqlx::Error::PoolTimedOut)) => &outcomes.timeout,
            Err(OperationError::Database(_)) => &outcomes.error,
        };
        histogram.observe(started.elapsed().as_secs_f64());
        result
    }
}

/// Metrics of the connection pool:
///
/// | metric | type | labels |
/// |---|---|---|
/// | `db_pool_connections` | gauge | state (idle, used) |
/// | `db_pool_max_connections` | gauge | |
/// | `db_pool_waits_total` | counter | |
/// | `db_pool_waiting_callers` | gauge | |
/// | `db_pool_wait_duration_seconds` | histogram | |
#[derive(Clone, Debug)]
pub struct PoolMetrics {
    wait_duration: Histogram,
    waits: IntCounter,
    waiting: IntGauge,
}

impl PoolMetrics {
    pub fn register(pool: &PgPool, registry: &Registry) -> prometheus::Result<Self> {
        let max = IntGauge::new("db_pool_max_connections", "Maximum number of connections in the pool.")?;
        max.set(pool.options().get_max_connections().into());
        let metrics = Self {
            waits: IntCounter::new(
                "db_pool_waits_total",
                "Callers that had to wait because all connections were in use.",
            )?,
            waiting: IntGauge::new("db_pool_waiting_callers", "Callers waiting for a connection.")?,
            wait_duration: Histogram::with_opts(
                HistogramOpts::new(
                    "db_pool_wait_duration_seconds",
                    "Time until the pool gave out a connection, including connecting, or until it gave up.",
                )
                .buckets(DURATION_BUCKETS.to_vec()),
            )?,
        };
        registry.register(Box::new(metrics.wait_duration.clone()))?;
        registry.register(Box::new(max))?;
        registry.register(Box::new(metrics.waits.clone()))?;
        registry.register(Box::new(metrics.waiting.clone()))?;
        registry.register(Box::new(PoolCollector::new(pool)?))?;
        Ok(metrics)
    }

    /// Records how long a caller waited for a connection, whether it got one or not.
    pub fn waited(&self, duration: Duration) {
        self.wait_duration.observe(duration.as_secs_f64());
    }

    /// Counts a caller as waiting until the guard is dropped.
    pub fn wait(&self) -> WaitingGuard {
        self.waits.inc();
        self.waiting.inc();
        WaitingGuard(self.waiting.clone())
    }
}

/// Guard of a waiting caller.
pub struct WaitingGuard(IntGauge);

impl Drop for WaitingGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Collector that reads the pool at each scrape.
struct PoolCollector {
    pool: PgPool,
    connections: IntGaugeVec,
    idle: IntGauge,
    used: IntGauge,
}

impl PoolCollector {
    fn new(pool: &PgPool) -> prometheus::Result<Self> {
        let connections = IntGaugeVec::new(
            Opts::new("db_pool_connections", "Connections in the pool, by state."),
            &["state"],
        )?;
        Ok(Self {
            pool: pool.clone(),
            idle: connections.with_label_values(&["idle"]),
            used: connections.with_label_values(&["used"]),
            connections,
        })
    }
}

impl Collector for PoolCollector {
    fn desc(&self) -> Vec<&Desc> {
        self.connections.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let idle = i64::try_from(self.pool.num_idle()).unwrap_or(i64::MAX);
        // The two numbers are not read atomically: a connection may be returned in between.
        let used = (i64::from(self.pool.size()) - idle).max(0);
        self.idle.set(idle);
        self.used.set(used);
        self.connections.collect()
    }
}
