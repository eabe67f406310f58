//! The files of this repository that tests read.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The workspace's root: the folder with Cargo.lock, from the package whose test runs upwards.
///
/// Asked when the test runs, not when it is compiled: copies of the tree may share what was built.
pub fn root() -> PathBuf {
    let from = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env::current_dir().expect("a folder"), PathBuf::from);
    let root = from.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or_else(|| panic!("no folder with a Cargo.lock in {}", from.display()))
        .to_owned()
}

/// The text of a file, by its path from the root.
pub fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// The files of a folder that end in this extension, by their paths from the root. There is at least one.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(root().join(folder))
        .unwrap_or_else(|error| panic!("cannot read {folder}: {error}"))
        .map(|entry| Path::new(folder).join(entry.expect("an entry of the folder").file_name()))
        .filter(|path| path.extension().is_some_and(|there| there == extension))
        .collect();
    assert!(!files.is_empty(), "there is no .{extension} in {folder}");
    files.sort();
    files
}
