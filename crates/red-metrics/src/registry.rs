//! All series of one [`RedMetrics`](crate::RedMetrics).

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use http::StatusCode;

use quanta::Clock;

use crate::{
    cells::SeriesCells,
    config::Config,
    labels::{MethodLabel, Outcome, UNMATCHED},
    monitoring::Monitoring,
    observe::Observe,
    per_thread::PerThread,
};

/// The series by path. Layers that measure the same path share its series.
#[derive(Debug)]
pub(crate) struct SeriesRegistry {
    config: Arc<Config>,
    routes: Mutex<BTreeMap<String, Arc<RouteSeries>>>,
}

/// A route as a layer measures it.
#[derive(Debug)]
pub(crate) struct Route {
    series: Arc<RouteSeries>,
    pub(crate) observers: Vec<Arc<dyn Observe>>,
}

/// The series of one path.
#[derive(Debug)]
pub(crate) struct RouteSeries {
    path: String,
    config: Arc<Config>,
    methods: [OnceLock<Box<MethodSeries>>; MethodLabel::ALL.len()],
}

/// The series of one path and method.
#[derive(Debug)]
pub(crate) struct MethodSeries {
    config: Arc<Config>,
    in_flight: AtomicI64,
    cells: PerThread<SeriesCells>,
}

impl SeriesRegistry {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config: Arc::new(config),
            routes: Mutex::default(),
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// The route with this template, or `None` if it is not measured. Its expected series exist from now on.
    pub(crate) fn route(&self, template: &str, monitoring: Monitoring) -> Option<Arc<Route>> {
        if monitoring.is_disabled() {
            return None;
        }
        let series = self.series(template);
        for (method, status) in monitoring.expected() {
            series.method(method.into()).expect(status);
        }
        series.method(MethodLabel::Other).expect(StatusCode::METHOD_NOT_ALLOWED);
        Some(Arc::new(Route {
            series,
            observers: monitoring.into_observers(),
        }))
    }

    /// The route of requests that no template matches.
    pub(crate) fn unmatched(&self) -> Arc<Route> {
        let series = self.series(UNMATCHED);
        for method in MethodLabel::ALL {
            series.method(method).expect(StatusCode::NOT_FOUND);
        }
        Arc::new(Route {
            series,
            observers: Vec::new(),
        })
    }

    fn series(&self, path: &str) -> Arc<RouteSeries> {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let series = routes.entry(path.to_owned()).or_insert_with(|| {
            Arc::new(RouteSeries {
                path: path.to_owned(),
                config: Arc::clone(&self.config),
                methods: [const { OnceLock::new() }; MethodLabel::ALL.len()],
            })
        });
        Arc::clone(series)
    }

    /// The series of all paths, in the paths' order.
    pub(crate) fn all(&self) -> Vec<Arc<RouteSeries>> {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.values().cloned().collect()
    }
}

impl Route {
    /// The series of a method, created with its first request.
    pub(crate) fn method(&self, method: MethodLabel) -> &MethodSeries {
        self.series.method(method)
    }
}

impl RouteSeries {
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    fn method(&self, method: MethodLabel) -> &MethodSeries {
        self.methods[method.index()].get_or_init(|| {
            Box::new(MethodSeries {
                config: Arc::clone(&self.config),
                in_flight: AtomicI64::new(0),
                cells: PerThread::new(SeriesCells::new(&self.config)),
            })
        })
    }

    /// The methods whose series exist.
    pub(crate) fn methods(&self) -> impl Iterator<Item = (MethodLabel, &MethodSeries)> {
        MethodLabel::ALL
            .into_iter()
            .filter_map(|method| Some((method, &**self.methods[method.index()].get()?)))
    }
}

impl MethodSeries {
    /// Counts a request that has arrived.
    pub(crate) fn start(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// Records a request that has ended.
    pub(crate) fn end(&self, outcome: Outcome, nanoseconds: u64, body_bytes: u64) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.cells
            .with(|cells| cells.record(&self.config, outcome, nanoseconds, body_bytes));
    }

    fn expect(&self, status: StatusCode) {
        self.cells
            .with(|cells| cells.expect(&self.config, Outcome::Sent(status)));
    }

    /// The number of requests that have arrived and not ended.
    pub(crate) fn in_flight(&self) -> i64 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// The clock by which requests are measured.
    pub(crate) fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// What all threads have recorded. Each request is in all of the numbers or in none.
    pub(crate) fn snapshot(&self) -> SeriesCells {
        let mut snapshot = SeriesCells::new(&self.config);
        self.cells.for_each(|cells| snapshot.merge(cells));
        snapshot
    }
}
