//! The commands that a person would type, and the settings that they would change.

use std::{fs, path::PathBuf, process::Command};

use crate::support::repository;

/// Runs `make` with these arguments, and fails the test with what it printed if it fails.
pub fn make(arguments: &[&str]) {
    let output = Command::new("make")
        .args(arguments)
        .current_dir(repository::root())
        .output()
        .expect("make runs");
    assert!(
        output.status.success(),
        "make {}\n{}{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A line in `.env` that is there for a while. The file is put back as it was when this is dropped.
pub struct Setting {
    file: PathBuf,
    before: Option<String>,
}

impl Setting {
    /// Adds a line.
    pub fn add(line: &str) -> Self {
        let file = repository::root().join(".env");
        let before = fs::read_to_string(&file).ok();
        let with_line = format!("{}\n{line}\n", before.as_deref().unwrap_or_default());
        fs::write(&file, with_line).expect(".env can be written");
        Self { file, before }
    }
}

impl Drop for Setting {
    fn drop(&mut self) {
        let restored = match &self.before {
            Some(before) => fs::write(&self.file, before),
            None => fs::remove_file(&self.file),
        };
        restored.expect(".env is put back");
    }
}

/// Runs a command when it is dropped: whatever happens, what was broken is mended.
pub struct Finally(pub &'static [&'static str]);

impl Drop for Finally {
    fn drop(&mut self) {
        make(self.0);
    }
}
