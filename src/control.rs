//! The control listener: an API and a page that change the faults while the service runs.
//!
//! It is separate from the public listener. Its own requests are neither measured nor subject to faults, and access to
//! the service does not imply access to its faults. See [`Access`] for who has it.

mod access;
mod live;
mod page;
mod routes;
mod settings;
mod state;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use loopback_guard::Access;
use prometheus::Registry;
use tokio::net::TcpListener;
use tracing::info;

pub use settings::ControlSettings;

use live::Live;
use state::ControlState;

use crate::{
    faults::PlanSwitch,
    web::{limits::Limits, listener, metrics::ServerMetrics, middleware, server},
};

/// The largest request body, in bytes. A plan with every field takes about five hundred.
const BODY_LIMIT: usize = 16 << 10;

/// Timeout for requests in progress at shutdown.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// The control listener, bound but not yet serving.
#[derive(Debug)]
pub struct Control {
    listener: TcpListener,
    address: SocketAddr,
    access: Access,
}

/// The parts of the service that the control listener changes and shows.
#[derive(Debug)]
pub struct ControlledService {
    /// The instance's name.
    pub name: Arc<str>,
    /// Holder of the active fault plan.
    pub switch: Arc<PlanSwitch>,
    /// The service's metrics, which show the faults' effect.
    pub registry: Registry,
}

impl Control {
    /// Binds the control address.
    ///
    /// # Errors
    ///
    /// Fails if the address cannot be bound, or is not loopback and there is no token.
    pub fn bind(settings: &ControlSettings) -> anyhow::Result<Self> {
        let access = settings.access()?;
        let listener = listener::bind(settings.control_listen)
            .with_context(|| format!("cannot listen on {}, for control", settings.control_listen))?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            access,
        })
    }

    /// Returns the bound address, with the actual port if the settings said 0.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` resolves, with the public listener's limits but a shutdown of its own.
    ///
    /// # Errors
    ///
    /// None in practice: the names of the metrics are valid.
    pub async fn run(
        self,
        parts: ControlledService,
        limits: Limits,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        info!(address = %self.address, "taking control of the faults");
        // Its own requests are not measured: the service's metrics are about its users.
        let metrics = ServerMetrics::unregistered()?;
        // It stops after the public listener has drained, so no client needs notice.
        let limits = Limits {
            shutdown_delay: Duration::ZERO,
            shutdown_timeout: DRAIN_TIMEOUT,
            ..limits
        };
        let state = ControlState {
            name: parts.name,
            switch: parts.switch,
            live: Arc::new(Live::new(parts.registry)),
        };
        let routes = routes::monitored(state, &self.access).into_parts();
        let service = middleware::apply(routes, None, &metrics, BODY_LIMIT, &limits);
        server::serve(self.listener, service, stop, limits, metrics).await;
        Ok(())
    }
}
