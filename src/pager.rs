//! Where Alertmanager's notifications arrive: they are written into a ledger, written up on a board,
//! shown on a page, and handed on. When the heartbeat of the monitoring stays away, the
//! pager raises MonitoringDown by itself.

mod board;
mod hand_on;
mod heartbeat;
mod ledger;
mod metrics;
mod notification;
mod routes;
mod settings;

use std::sync::Arc;

use anyhow::Context;
use red_metrics::RedMetrics;
use tokio::net::TcpListener;
use tracing::{info, warn};

pub use notification::{Alert, AlertStatus, Notification};
pub use settings::PagerSettings;

use board::{Board, Change};
use hand_on::HandOn;
use heartbeat::Heartbeat;
use ledger::Ledger;
use metrics::PagerMetrics;
use routes::Pager;

use crate::web::{exposition, metrics::ServerMetrics, middleware, server};

/// The most bytes of a notification. Alertmanager sends about a kilobyte for each alert of a group.
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
    let hand_on = HandOn::start(&settings.hand_on, &registry)?;

    let board = Board::default();
    let (replayed, live) = (board.clone(), board.clone());
    let ledger = Ledger::open(
        &settings.ledger,
        move |entry| drop(replayed.write_up(entry)),
        move |entry| {
            for change in live.write_up(entry) {
                log(&change);
                hand_on.offer(change);
            }
        },
    )?;

    let watch = tokio::spawn({
        let (board, ledger, heartbeat) = (board.clone(), ledger.clone(), Arc::clone(&heartbeat));
        async move { heartbeat.watch(&board, &ledger).await }
    });
    let pager = Pager {
        board,
        ledger,
        heartbeat,
        metrics,
        registry,
    };
    info!(address = %listener.local_addr()?, ledger = %settings.ledger.display(), "waiting for notifications");
    let service = middleware::apply(
        routes::monitored(pager).into_parts(),
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
