//! The control listener: the faults are changed here while the service runs.
//!
//! It is apart from the public one, so that what it serves is neither measured nor hit by the faults that it sets, and
//! so that who may reach the service may not for that reason break it. See [`Access`] for who may.

mod access;
mod live;
mod page;
mod routes;
mod settings;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use prometheus::Registry;
use tokio::net::TcpListener;
use tracing::info;

pub use access::{Access, Token};
pub use settings::ControlSettings;

use live::Live;
use routes::Panel;

use crate::{
    faults::PlanSwitch,
    web::{limits::Limits, metrics::ServerMetrics, middleware, server},
};

/// The most bytes of a plan. The longest sensible one has about five hundred.
const BODY_LIMIT: usize = 16 << 10;

/// How long a request in progress may take to end after a signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// The control listener, bound but not yet serving.
#[derive(Debug)]
pub struct Control {
    listener: TcpListener,
    address: SocketAddr,
    access: Access,
}

/// What of the service is controlled, and shown.
#[derive(Debug)]
pub struct ControlledParts {
    /// The instance's name.
    pub name: Arc<str>,
    /// Which faults are in force.
    pub switch: Arc<PlanSwitch>,
    /// The metrics that say what the faults do.
    pub registry: Registry,
}

impl Control {
    /// Binds the address.
    ///
    /// # Errors
    ///
    /// Fails if the address cannot be bound, or is not loopback and there is no token.
    pub async fn bind(settings: &ControlSettings) -> anyhow::Result<Self> {
        let access = settings.access()?;
        let listener = TcpListener::bind(settings.control_listen)
            .await
            .with_context(|| format!("cannot listen on {}, for control", settings.control_listen))?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            access,
        })
    }

    /// Where it listens, with the real port where the settings said 0.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` resolves, within the limits of the public listener, but for its end.
    ///
    /// # Errors
    ///
    /// None in practice: the names of the metrics are valid.
    pub async fn run(
        self,
        parts: ControlledParts,
        limits: Limits,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        info!(address = %self.address, "taking control of the faults");
        // Its own requests are not measured: the service's metrics are about its users.
        let metrics = ServerMetrics::unregistered()?;
        // It ends when the service has ended: nobody has to notice before.
        let limits = Limits {
            shutdown_delay: Duration::ZERO,
            shutdown_timeout: DRAIN_TIMEOUT,
            ..limits
        };
        let panel = Panel {
            name: parts.name,
            switch: parts.switch,
            live: Arc::new(Live::new(parts.registry)),
        };
        let routes = routes::monitored(panel, &self.access).into_parts();
        let service = middleware::apply(routes, None, &metrics, BODY_LIMIT, &limits);
        server::serve(self.listener, service, stop, limits, metrics).await;
        Ok(())
    }
}
