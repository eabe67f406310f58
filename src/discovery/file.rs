//! The targets file, replaced atomically: a reader sees either the old content or the new, even after a crash.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;

/// A targets file that is written on change only, by renaming a temporary file.
#[derive(Debug)]
pub struct TargetsFile {
    path: PathBuf,
    temporary: PathBuf,
    folder: PathBuf,
    /// The file's content, if known.
    content: Option<Vec<u8>>,
}

impl TargetsFile {
    /// Opens the file for writing. The content of an earlier run stays until the first write.
    ///
    /// # Errors
    ///
    /// Fails if the path names no file, or its folder does not exist.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path
            .file_name()
            .with_context(|| format!("{} names no file", path.display()))?;
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        anyhow::ensure!(folder.is_dir(), "there is no folder {}", folder.display());
        // In the same folder, because a rename does not cross file systems. A fixed name, so that leftovers of a crash
        // are overwritten. The suffix is one that Prometheus does not read.
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(".tmp");
        Ok(Self {
            path: path.to_owned(),
            temporary: folder.join(temporary),
            folder: folder.to_owned(),
            content: fs::read(path).ok(),
        })
    }

    /// Writes the content if it differs from the file's. Returns whether it did.
    ///
    /// The new content is on the disk when this returns. Until then readers see the old content.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be written to. The old content then stays.
    pub fn write(&mut self, content: &[u8]) -> io::Result<bool> {
        if self.content.as_deref() == Some(content) && self.path.exists() {
            return Ok(false);
        }
        let mut file = File::create(&self.temporary)?;
        file.write_all(content)?;
        // Sync before the rename: a file system may otherwise persist the rename first.
        file.sync_all()?;
        drop(file);
        fs::rename(&self.temporary, &self.path)?;
        File::open(&self.folder)?.sync_all()?;
        self.content = Some(content.to_owned());
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, AtomicUsize, Ordering},
        thread,
    };

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a temporary folder")
    }

    #[test]
    fn the_file_is_written_on_change_only() {
        let folder = folder();
        let path = folder.path().join("targets.json");
        let mut file = TargetsFile::open(&path).expect("a folder");
        assert!(file.write(b"[]").expect("written"));
        assert!(!file.write(b"[]").expect("nothing to write"));
        assert!(file.write(b"[1]").expect("written"));
        assert_eq!(fs::read(&path).expect("the file"), b"[1]");
        assert_eq!(
            fs::read_dir(folder.path()).expect("the folder").count(),
            1,
            "nothing else is left"
        );

        let mut next_run = TargetsFile::open(&path).expect("a folder");
        assert!(!next_run.write(b"[1]").expect("nothing to write"));
    }

    #[test]
    fn a_removed_file_is_written_again() {
        let folder = folder();
        let path = folder.path().join("targets.json");
        let mut file = TargetsFile::open(&path).expect("a folder");
        file.write(b"[]").expect("written");
        fs::remove_file(&path).expect("removed");
        assert!(file.write(b"[]").expect("written"));
    }

    #[test]
    fn leftovers_of_a_crash_are_overwritten() {
        let folder = folder();
        let path = folder.path().join("targets.json");
        fs::write(folder.path().join(".targets.json.tmp"), "a longer content, half writ").expect("written");
        let mut file = TargetsFile::open(&path).expect("a folder");
        file.write(b"[]").expect("written");
        assert_eq!(fs::read(&path).expect("the file"), b"[]");
    }

    #[test]
    fn a_failed_write_leaves_the_old_content() {
        let folder = folder();
        let path = folder.path().join("targets.json");
        let mut file = TargetsFile::open(&path).expect("a folder");
        file.write(b"[]").expect("written");
        // A folder of that name: the temporary file cannot be made.
        fs::create_dir(folder.path().join(".targets.json.tmp")).expect("made");
        file.write(b"[1]").expect_err("it cannot be written");
        assert_eq!(fs::read(&path).expect("the file"), b"[]");
        fs::remove_dir(folder.path().join(".targets.json.tmp")).expect("removed");
        assert!(file.write(b"[1]").expect("written"), "the change is not forgotten");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = TargetsFile::open(Path::new("/not/there/targets.json")).expect_err("no folder");
        assert_eq!(error.to_string(), "there is no folder /not/there");
    }

    #[test]
    fn over_10_000_changes_no_reader_sees_half_a_file() {
        const CHANGES: usize = 10_000;
        // In memory where possible: this many syncs of a real disk take a minute and prove nothing more.
        let folder = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| folder());
        let path = folder.path().join("targets.json");
        let mut file = TargetsFile::open(&path).expect("a folder");
        file.write(b"[]").expect("written");
        let (done, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
        thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let read = fs::read(&path).expect("it is there at every moment");
                    serde_json::from_slice::<Vec<usize>>(&read).expect("whole JSON");
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            });
            for change in 0..CHANGES {
                // Lengths vary, so that a prefix of one content is not another content.
                let content = serde_json::to_vec(&vec![change; change % 100]).expect("JSON");
                file.write(&content).expect("written");
            }
            done.store(true, Ordering::Relaxed);
        });
        assert!(reads.into_inner() > 100, "the reader has read");
    }
}
