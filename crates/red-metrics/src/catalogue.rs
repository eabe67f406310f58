//! All series of an application.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::series::RouteSeries;

/// The series by path. A path that two layers measure has one set of series, to which both add.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    routes: Mutex<BTreeMap<String, &'static RouteSeries>>,
}

impl Catalogue {
    /// The series of a path, created when it is first asked for.
    pub(super) fn route(&self, path: &str) -> &'static RouteSeries {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes
            .entry(path.to_owned())
            .or_insert_with(|| Box::leak(Box::new(RouteSeries::new(path))))
    }

    /// All of them.
    pub(super) fn routes(&self) -> Vec<&'static RouteSeries> {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.values().copied().collect()
    }
}
