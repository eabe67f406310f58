//! The application, from its settings to its shutdown.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use red_metrics::RedMetrics;
use tokio::{net::TcpListener, sync::oneshot, time::timeout};
use tracing::{info, warn};

use super::{
    readiness::{self, Check, ReadinessMetrics},
    route_summaries::RouteSummaries,
    router,
    settings::ServiceSettings,
    state::{App, Parts, ShutdownFlag},
};
use crate::{
    control::{Control, ControlledService},
    faults::{FaultInjector, Incidents},
    lorem,
    peer::{HttpClientMetrics, Peer},
    store::Store,
    web::{exposition, limits::Limits, listener, metrics::ServerMetrics, middleware, server},
};

/// Timeout for closing the pool.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The application, bound but not yet serving.
#[derive(Debug)]
pub struct Application {
    listener: TcpListener,
    address: SocketAddr,
    control: Control,
    app: App,
    http_metrics: RedMetrics,
    route_summaries: RouteSummaries,
    peer: Option<Peer>,
    incidents: Option<Incidents>,
    body_limit: usize,
    limits: Limits,
    server_metrics: ServerMetrics,
}

impl Application {
    /// Binds the addresses and builds the parts. The database and the peer may be unavailable.
    ///
    /// # Errors
    ///
    /// Fails if an address cannot be bound.
    pub fn build(settings: &ServiceSettings) -> anyhow::Result<Self> {
        let listener =
            listener::bind(settings.listen).with_context(|| format!("cannot listen on {}", settings.listen))?;
        let control = Control::bind(&settings.control)?;
        let registry = exposition::registry()?;
        let http_metrics = RedMetrics::register(&registry)?;
        let route_summaries = RouteSummaries::register(&registry)?;
        let server_metrics = ServerMetrics::register(&registry)?;
        let client_metrics = HttpClientMetrics::register(&registry)?;
        let seed = settings.faults.seed();
        info!(seed, "drawing faults; --fault-seed with this number repeats them");

        Ok(Self {
            address: listener.local_addr()?,
            listener,
            control,
            incidents: settings.faults.incidents().map(|pause| Incidents::new(seed, pause)),
            peer: Peer::from_settings(&settings.peer, &client_metrics)?,
            app: App::from(Parts {
                name: settings.name.as_str().into(),
                peer_url: settings.peer.peer_url.as_ref().map(|url| url.as_str().into()),
                store: Store::open(&settings.database, &registry)?,
                faults: Arc::new(FaultInjector::new(settings.faults.plan(), seed, &registry)?),
                lorem: lorem::build(&settings.lorem, &registry)?,
                readiness: ReadinessMetrics::register(&registry)?,
                registry,
                shutdown: ShutdownFlag::default(),
            }),
            http_metrics,
            route_summaries,
            body_limit: settings.body_limit,
            limits: settings.limits,
            server_metrics,
        })
    }

    /// Returns the bound address, with the actual port if the settings said 0.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address of the control listener.
    #[must_use]
    pub const fn control_address(&self) -> SocketAddr {
        self.control.address()
    }

    /// Serves and calls the peer until `stop` resolves, then drains the requests in progress.
    ///
    /// # Errors
    ///
    /// None in practice: what goes wrong while serving is logged, and serving goes on.
    pub async fn run(self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let app = self.app;
        info!(name = %app.name, address = %self.address, "serving");
        let switch = Arc::clone(app.faults.switch());
        let expiry = tokio::spawn({
            let switch = Arc::clone(&switch);
            async move { switch.run_expiry().await }
        });
        let (end_control, ended) = oneshot::channel::<()>();
        let incidents = self.incidents.map(|incidents| {
            let switch = Arc::clone(&switch);
            tokio::spawn(async move { incidents.run(&switch).await })
        });
        let parts = ControlledService {
            name: Arc::clone(&app.name),
            switch,
            registry: app.registry.clone(),
        };
        let control = tokio::spawn(self.control.run(parts, self.limits, async { drop(ended.await) }));
        let checks = tokio::spawn(readiness::run_checks(app.clone()));
        let calls = self.peer.map(|peer| tokio::spawn(peer.run()));

        let routes = router::monitored(&app, &self.route_summaries).into_parts();
        let service = middleware::apply(
            routes,
            Some(&self.http_metrics),
            &self.server_metrics,
            self.body_limit,
            &self.limits,
        );
        let stop = async {
            stop.await;
            app.shutdown.set();
            let _ = Check::Shutdown.run(&app).await;
        };
        server::serve(self.listener, service, stop, self.limits, self.server_metrics).await;

        for task in [Some(expiry), Some(checks), incidents, calls].into_iter().flatten() {
            task.abort();
        }
        drop(end_control);
        control.await.context("the control listener panicked")??;
        if timeout(CLOSE_TIMEOUT, app.store.close()).await.is_err() {
            warn!("closing the pool timed out");
        }
        Ok(())
    }
}
