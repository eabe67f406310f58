//! The ledger: an append-only file of all notifications and of what became of them, one JSON object a line.
//!
//! A notification is acknowledged when its line is on the disk. Notifications that arrive during a write are written
//! together, with a single `fdatasync`.

mod file;
mod lines;

use std::{path::Path, thread};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tracing::error;

use self::file::LedgerFile;
use super::{forwarding::Forwarded, notification::Notification};

/// The most entries waiting to be written, and the most in one batch.
const MAX_QUEUED: usize = 4096;

/// A line of the ledger.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
pub struct Entry {
    /// When the pager received the event.
    pub at: Timestamp,
    #[serde(flatten)]
    pub event: Event,
}

/// An event of the ledger.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Alertmanager sent a notification.
    Notified(Notification),
    /// The heartbeat is missing.
    MonitoringDown,
    /// The heartbeat is back.
    MonitoringBack,
    /// The pager started with a webhook; what happens from now on is forwarded.
    ForwardingEnabled,
    /// The pager started without a webhook.
    ForwardingDisabled,
    /// The forwarding of a message ended.
    Forwarded(Forwarded),
}

/// The entry could not be written. The log says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger cannot be written")]
pub struct WriteError;

/// An entry, and the sender that signals its write.
type Waiting = (Entry, oneshot::Sender<()>);

/// Handle to the ledger. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ledger {
    writer: mpsc::Sender<Waiting>,
}

impl Ledger {
    /// Opens the file and passes each of its entries to `replay`. Passes each later entry to `live` once it is on the
    /// disk.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be opened or is no regular file, or if another pager has it open.
    pub fn open(path: &Path, replay: impl Fn(&Entry), live: impl Fn(&Entry) + Send + 'static) -> anyhow::Result<Self> {
        let file = LedgerFile::open(path, replay)?;
        let (writer, waiting) = mpsc::channel(MAX_QUEUED);
        // File I/O blocks, so it has a thread of its own, which ends with the last sender.
        thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || write_all(file, waiting, live))?;
        Ok(Self { writer })
    }

    /// Writes an entry. Returns when it is on the disk and has been passed to `live`.
    ///
    /// # Errors
    ///
    /// [`WriteError`] if the write fails, or if too many entries are waiting.
    #[expect(clippy::disallowed_methods, reason = "an entry has its date")]
    pub async fn write(&self, event: Event) -> Result<(), WriteError> {
        let entry = Entry {
            at: Timestamp::now(),
            event,
        };
        let (written, wait) = oneshot::channel();
        self.writer.try_send((entry, written)).map_err(|_| WriteError)?;
        wait.await.map_err(|_| WriteError)
    }
}

fn write_all(mut file: LedgerFile, mut waiting: mpsc::Receiver<Waiting>, live: impl Fn(&Entry)) {
    let mut batch = Vec::new();
    while waiting.blocking_recv_many(&mut batch, MAX_QUEUED) > 0 {
        match file.append(batch.iter().map(|(entry, _)| entry)) {
            Ok(()) => {
                for (entry, written) in batch.drain(..) {
                    live(&entry);
                    // The writer may have gone; the entry stays.
                    let _ = written.send(());
                }
            }
            Err(error) => {
                error!(%error, entries = batch.len(), "the ledger cannot be written");
                batch.clear();
            }
        }
    }
}
