//! What follows from an entry once it is in the ledger.

use tokio::sync::mpsc::UnboundedSender;
use tracing::{error, info, warn};

use super::{
    forward::ForwardMetrics,
    forwarding::Outcome,
    ledger::Entry,
    outbox::Message,
    page::{Change, EndReason},
    page_store::PageStore,
};

/// Applies the entries that are written while the pager runs.
pub struct LiveEntries {
    pub pages: PageStore,
    pub to_forward: UnboundedSender<Message>,
    pub metrics: ForwardMetrics,
}

impl LiveEntries {
    pub fn apply(&self, entry: &Entry) {
        let applied = self.pages.apply(entry);
        applied.changes.iter().for_each(log);
        for message in applied.messages {
            // Without a receiver the pager stops: the message is sent after the next start.
            let _ = self.to_forward.send(message);
        }
        if applied.given_up > 0 {
            let pages = applied.given_up;
            error!(pages, "too many pages are waiting to be forwarded; these are given up");
            (0..pages).for_each(|_| self.metrics.record(Outcome::GivenUp));
        }
    }
}

fn log(change: &Change) {
    let page = change.page();
    match change {
        Change::Fired(_) => warn!(name = page.alertname, job = page.job, summary = page.summary, "firing"),
        Change::Resolved(_) if page.end_reason == Some(EndReason::Superseded) => info!(
            name = page.alertname,
            job = page.job,
            "ended: it fires again, and its resolution never arrived"
        ),
        Change::Resolved(_) => info!(name = page.alertname, job = page.job, "resolved"),
    }
}
