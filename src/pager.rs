//! The pager: receives Alertmanager's notifications.
//!
//! It writes each notification to a ledger, shows the firing and the resolved pages, and forwards pages to a webhook.
//! When the monitoring's heartbeat is missing, the pager itself raises MonitoringDown. It also serves the runbooks.

mod heartbeat;
mod ledger;
mod metrics;
mod notification;
mod page;
mod page_store;
mod routes;
mod runbooks;
mod settings;
mod webhook;

use std::sync::Arc;

use anyhow::Context;
use red_metrics::RedMetrics;
use tokio::net::TcpListener;
use tracing::{info, warn};

pub use notification::{Alert, AlertStatus, Notification};
pub use settings::PagerSettings;

use heartbeat::Heartbeat;
use ledger::Ledger;
use metrics::PagerMetrics;
use page::{Change, MONITORING_DOWN};
use page_store::PageStore;
use routes::PagerState;
use webhook::Forwarder;

use crate::web::{exposition, metrics::ServerMetrics, middleware, server};

/// The largest request body, in bytes. Alertmanager sends about a kilobyte for each alert of a group.
const BODY_LIMIT: usize = 4 << 20;

/// Receives notifications until `stop` resolves.
///
/// # Errors
///
/// Fails if the address cannot be bound or the ledger cannot be opened.
pub async fn run(settings: &PagerSettings, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;

    let registry = exposition::registry()?;
    let http_metrics = RedMetrics::register(&registry)?;
    let server_metrics = ServerMetrics::register(&registry)?;
    let heartbeat = Arc::new(Heartbeat::new(settings.heartbeat_timeout));
    let metrics = PagerMetrics::register(&heartbeat, &registry)?;
    let forwarder = Forwarder::start(&settings.webhook, &registry)?;

    let pages = PageStore::new(settings.runbooks.url_of(MONITORING_DOWN));
    let (replayed, live) = (pages.clone(), pages.clone());
    let ledger = Ledger::open(
        &settings.ledger,
        move |entry| drop(replayed.apply(entry)),
        move |entry| {
            for change in live.apply(entry) {
                log(&change);
                forwarder.enqueue(change);
            }
        },
    )?;

    let watch = tokio::spawn({
        let (pages, ledger, heartbeat) = (pages.clone(), ledger.clone(), Arc::clone(&heartbeat));
        async move { heartbeat.watch(&pages, &ledger).await }
    });
    let pager = PagerState {
        pages,
        ledger,
        heartbeat,
        metrics,
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
    server::serve(listener, service, stop, settings.limits, server_metrics).await;
    watch.abort();
    Ok(())
}

fn log(change: &Change) {
    let page = change.page();
    match change {
        Change::Fired(_) => warn!(name = page.alertname, job = page.job, summary = page.summary, "firing"),
        Change::Resolved(_) => info!(name = page.alertname, job = page.job, "resolved"),
    }
}
