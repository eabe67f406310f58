//! The ledger's file.

use std::{
    fs::{self, File, FileType, OpenOptions},
    io::{self, BufReader, Write},
    os::unix::fs::FileTypeExt,
    path::Path,
};

use anyhow::{Context, bail};
use tracing::{error, info, warn};

use super::{
    Entry,
    lines::{Line, Lines},
};

/// The longest line that is read, in bytes. It is above the longest that can be written: a notification is limited to
/// 4 MiB, and an entry is at most four times as long.
const MAX_LINE: usize = 16 << 20;

pub struct LedgerFile {
    file: File,
    /// The length of the complete lines, in bytes.
    length: u64,
}

impl LedgerFile {
    /// Opens the file, or creates it, and passes each of its entries to `replay`.
    pub fn open(path: &Path, replay: impl Fn(&Entry)) -> anyhow::Result<Self> {
        let place = path.display();
        // Before it is opened: opening a FIFO or a device may block, or have an effect.
        if let Ok(metadata) = fs::metadata(path)
            && !metadata.is_file()
        {
            let found = describe(metadata.file_type());
            bail!("cannot open the ledger {place}: found {found}, expected a regular file");
        }
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
        let mut lines = Lines::new(BufReader::new(&self.file), MAX_LINE);
        let (mut number, mut entries, mut incomplete) = (0_u64, 0_u64, 0);
        while let Some((line, bytes)) = lines.next()? {
            number += 1;
            // An invalid line stays in the file, for inspection.
            match line {
                Line::Complete(line) => match serde_json::from_slice(line) {
                    Ok(entry) => {
                        replay(&entry);
                        entries += 1;
                    }
                    Err(error) => error!(line = number, %error, "invalid line in the ledger; skipped"),
                },
                Line::TooLong => error!(
                    line = number,
                    bytes,
                    limit = MAX_LINE,
                    "a line in the ledger is too long; skipped"
                ),
                Line::Incomplete => {
                    incomplete = bytes;
                    break;
                }
            }
            self.length += bytes;
        }
        if incomplete > 0 {
            warn!(
                bytes = incomplete,
                "the ledger's last line is incomplete and was never acknowledged; truncated"
            );
            self.file.set_len(self.length)?;
        }
        info!(entries, "the ledger is replayed");
        Ok(())
    }

    /// Appends the entries and syncs the file. Writes all of them, or none.
    pub fn append<'a>(&mut self, entries: impl Iterator<Item = &'a Entry>) -> io::Result<()> {
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

fn describe(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}
