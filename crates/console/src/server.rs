//! The console, bound and served.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing::info;

use crate::{
    dashboards::Folder,
    parts::Parts,
    routes::{self, AppState},
    settings::ConsoleSettings,
    upstream::{self, Upstream},
};

/// The console, bound but not yet serving.
#[derive(Debug)]
pub struct Console {
    listener: TcpListener,
    address: SocketAddr,
    upstreams: Vec<Arc<Upstream>>,
    router: axum::Router,
}

impl Console {
    /// Binds the address and builds the routes.
    ///
    /// # Errors
    ///
    /// Fails if the address cannot be bound, or is not loopback and there is no token.
    pub async fn bind(settings: ConsoleSettings) -> anyhow::Result<Self> {
        let access = settings.access().map_err(|error| anyhow::anyhow!("{error}"))?;
        let listener = TcpListener::bind(settings.listen)
            .await
            .with_context(|| format!("cannot listen on {}", settings.listen))?;
        let client = upstream::client()?;
        let upstream = |name, url, health| Arc::new(Upstream::new(name, url, health, client.clone()));
        let state = AppState {
            folder: Arc::new(Folder::new(settings.dashboards)),
            scrape_interval: settings.scrape_interval,
            prometheus: upstream("Prometheus", settings.prometheus_url, &["-", "ready"]),
            alertmanager: upstream("Alertmanager", settings.alertmanager_url, &["-", "ready"]),
            pager: upstream("the pager", settings.pager_url, &["healthz"]),
            grafana: settings
                .grafana_url
                .map(|url| upstream("Grafana", url, &["api", "health"])),
            parts: Arc::new(Parts::new(settings.links)),
        };
        // What is wrong with the dashboards is in the log from the start.
        state.folder.read().await;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            upstreams: state.upstreams().map(|(_, upstream)| Arc::clone(upstream)).collect(),
            router: routes::all(state, access),
        })
    }

    /// Serves until SIGTERM or SIGINT, then lets requests in progress complete.
    pub async fn run(self) -> anyhow::Result<()> {
        info!(address = %self.address, "serving");
        for upstream in self.upstreams {
            tokio::spawn(upstream.watch());
        }
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            info!("stopping");
        };
        axum::serve(self.listener, self.router)
            .with_graceful_shutdown(stop)
            .await
            .context("cannot serve")
    }
}
