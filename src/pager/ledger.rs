//! The ledger: an append-only file of all notifications, one JSON object a line.
//!
//! A notification is acknowledged when its line is on the disk. Notifications that arrive during a write are written
//! together, with a single `fdatasync`.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::Path,
    thread,
};

use anyhow::{Context, bail};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info, warn};

use super::notification::Notification;

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
    /// Fails if the file cannot be opened, or if another pager has it open.
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

struct LedgerFile {
    file: File,
    /// The length of the complete lines, in bytes.
    length: u64,
}

impl LedgerFile {
    fn open(path: &Path, replay: impl Fn(&Entry)) -> anyhow::Result<Self> {
        let place = path.display();
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)
            .with_context(|| format!("cannot open the ledger {place}"))?;
        if file.try_lock().is_err() {
            bail!("another pager has the ledger {place} open");
        }
        let mut this = Self { file, length: 0 };
        this.replay(replay)
            .with_context(|| format!("cannot read the ledger {place}"))?;
        Ok(this)
    }

    /// Replays the complete lines. Truncates an incomplete last line, which was never acknowledged.
    fn replay(&mut self, replay: impl Fn(&Entry)) -> io::Result<()> {
        let mut lines = BufReader::new(&self.file);
        let (mut line, mut number, mut entries) = (Vec::new(), 0_u64, 0_u64);
        while lines.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            number += 1;
            match serde_json::from_slice(&line) {
                Ok(entry) => {
                    replay(&entry);
                    entries += 1;
                }
                // The line stays in the file, for inspection.
                Err(error) => error!(line = number, %error, "invalid line in the ledger; skipped"),
            }
            self.length += line.len() as u64;
            line.clear();
        }
        if !line.is_empty() {
            warn!(
                bytes = line.len(),
                "the ledger's last line is incomplete and was never acknowledged; truncated"
            );
            self.file.set_len(self.length)?;
        }
        info!(entries, "the ledger is replayed");
        Ok(())
    }

    /// Appends the entries and syncs the file. Writes all of them, or none.
    fn append<'a>(&mut self, entries: impl Iterator<Item = &'a Entry>) -> io::Result<()> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        let written = self.file.write_all(&lines).and_then(|()| self.file.sync_data());
        if written.is_ok() {
            self.length += lines.len() as u64;
        } else {
            // An incomplete line would corrupt the next one.
            self.file.set_len(self.length)?;
        }
        written
    }
}
