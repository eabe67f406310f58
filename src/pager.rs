//! The pager: receives Alertmanager's notifications.
//!
//! It writes each notification to a ledger, shows the firing and the resolved pages, and forwards pages to a webhook.
//! When the monitoring's heartbeat is missing, the pager itself raises MonitoringDown. It also serves the runbooks.

mod forward;
mod forwarding;
mod heartbeat;
mod incident;
mod ledger;
mod live;
mod metrics;
mod notification;
mod outbox;
mod page;
mod page_store;
mod pages;
mod refusals;
mod routes;
mod runbooks;
mod settings;
mod truncation;

use std::sync::Arc;

use anyhow::Context;
use red_metrics::RedMetrics;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::info;

pub use notification::{Alert, AlertStatus, Notification};
pub use settings::PagerSettings;

use forward::{ForwardMetrics, Forwarder};
use heartbeat::Heartbeat;
use ledger::{Event, Ledger};
use live::LiveEntries;
use metrics::PagerMetrics;
use page::MONITORING_DOWN;
use page_store::PageStore;
use routes::PagerState;

use crate::web::{exposition, listener, metrics::ServerMetrics, middleware, server};

/// The largest request body, in bytes. Alertmanager sends about a kilobyte for each alert of a group.
const BODY_LIMIT: usize = 4 << 20;

/// Receives notifications until `stop` resolves.
///
/// # Errors
///
/// Fails if the address cannot be bound, the ledger cannot be opened or pages cannot be forwarded as configured.
pub async fn run(settings: &PagerSettings, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let listener = listener::bind(settings.listen).with_context(|| format!("cannot listen on {}", settings.listen))?;

    let registry = exposition::registry()?;
    let http_metrics = RedMetrics::register(&registry)?;
    let server_metrics = ServerMetrics::register(&registry)?;
    let heartbeat = Arc::new(Heartbeat::new(settings.heartbeat_timeout));
    let metrics = PagerMetrics::register(&heartbeat, &settings.runbooks, &registry)?;
    let forward_metrics = ForwardMetrics::register(&registry)?;

    let pages = PageStore::new(settings.runbooks.url_of(MONITORING_DOWN));
    let (to_forward, messages) = mpsc::unbounded_channel();
    let replayed = pages.clone();
    let live = LiveEntries {
        pages: pages.clone(),
        to_forward: to_forward.clone(),
        metrics: forward_metrics.clone(),
    };
    let ledger = Ledger::open(
        &settings.ledger,
        move |entry| drop(replayed.apply(entry)),
        move |entry| live.apply(entry),
    )?;

    let stop_forwarding = CancellationToken::new();
    let forwarding = match forwarder(settings, &pages, &ledger, &forward_metrics).await? {
        None => None,
        Some(forwarder) => {
            for message in pages.first_messages() {
                // The receiver is alive: the forwarder takes it below.
                let _ = to_forward.send(message);
            }
            Some(tokio::spawn(forwarder.run(messages, stop_forwarding.clone())))
        }
    };

    let watch = tokio::spawn({
        let (pages, ledger, heartbeat) = (pages.clone(), ledger.clone(), Arc::clone(&heartbeat));
        async move { heartbeat.watch(&pages, &ledger).await }
    });
    let too_large = metrics.too_large.clone();
    let pager = PagerState {
        pages,
        ledger,
        heartbeat,
        metrics,
        forward_metrics,
        registry,
    };
    info!(address = %listener.local_addr()?, ledger = %settings.ledger.display(), "waiting for notifications");
    let service = middleware::apply(
        runbooks::add_routes(routes::monitored(pager), &settings.runbooks).into_parts(),
        Some(&http_metrics),
        &server_metrics,
        BODY_LIMIT,
        &settings.limits,
    );
    let service = refusals::log_too_large(service, BODY_LIMIT, too_large);
    server::serve(listener, service, stop, settings.limits, server_metrics).await;
    watch.abort();
    stop_forwarding.cancel();
    if let Some(forwarding) = forwarding {
        forwarding.await?;
    }
    Ok(())
}

/// Returns the forwarder, if a webhook is configured. Records whether what happens from now on is forwarded, unless the
/// ledger says so already.
async fn forwarder(
    settings: &PagerSettings,
    pages: &PageStore,
    ledger: &Ledger,
    metrics: &ForwardMetrics,
) -> anyhow::Result<Option<Forwarder>> {
    settings.forward.log_former_names();
    let webhook = settings.forward.webhook().map_err(anyhow::Error::msg)?;
    let forwarder = webhook
        .map(|webhook| Forwarder::new(webhook, ledger.clone(), metrics.clone()))
        .transpose()?;
    let event = match (&forwarder, pages.is_forwarding()) {
        (Some(_), false) => Event::ForwardingEnabled,
        (None, true) => Event::ForwardingDisabled,
        _ => return Ok(forwarder),
    };
    ledger
        .write(event)
        .await
        .context("cannot record whether pages are forwarded")?;
    Ok(forwarder)
}
