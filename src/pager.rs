//! Where Alertmanager's notifications arrive.

mod notification;
mod routes;
mod settings;

use std::time::Duration;

use anyhow::Context;
use prometheus::Registry;
use tokio::net::TcpListener;
use tracing::info;

pub use settings::PagerSettings;

use routes::Pager;

use crate::{
    build_info,
    metrics::HttpMetrics,
    web::{server, stack},
};

/// How long a notification in progress may take to end after a signal to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// The most bytes of a notification. Alertmanager sends a few kilobytes for each alert of a group.
const BODY_LIMIT: usize = 4 << 20;

/// Receives notifications until `stop` resolves.
///
/// # Errors
///
/// Fails if the address cannot be bound.
pub async fn run(settings: &PagerSettings, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    info!(address = %listener.local_addr()?, "waiting for notifications");

    let registry = Registry::new();
    build_info::register(&registry)?;
    let http_metrics = HttpMetrics::register(&registry)?;
    let service = stack::around(routes::monitored(), Pager::new(registry)?, &http_metrics, BODY_LIMIT);
    server::serve(listener, service, stop, DRAIN_TIMEOUT).await;
    Ok(())
}
