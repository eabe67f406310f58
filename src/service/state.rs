//! State that the handlers share.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use prometheus::Registry;

use super::readiness::ReadinessMetrics;
use crate::{faults::FaultInjector, lorem::Lorem, store::Store};

/// The running application. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of the running application.
#[derive(Debug)]
pub struct Parts {
    pub name: Arc<str>,
    /// URL of the peer, for the page at `/`.
    pub peer_url: Option<Arc<str>>,
    pub store: Store,
    pub faults: Arc<FaultInjector>,
    pub lorem: Arc<dyn Lorem>,
    pub registry: Registry,
    pub shutdown: ShutdownFlag,
    pub readiness: ReadinessMetrics,
}

impl From<Parts> for App {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Flag that is set at the start of the shutdown. The application is then no longer ready.
#[derive(Debug, Default)]
pub struct ShutdownFlag(AtomicBool);

impl ShutdownFlag {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
