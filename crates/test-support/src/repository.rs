//! Files of this repository that tests read.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Returns the workspace's root: the nearest folder with a Cargo.lock, starting at the package under test.
///
/// Looked up at run time, not at compile time: copies of the tree may share one target folder.
pub fn root() -> PathBuf {
    let from = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env::current_dir().expect("a folder"), PathBuf::from);
    let root = from.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or_else(|| panic!("no folder with a Cargo.lock in {}", from.display()))
        .to_owned()
}

/// Reads a file, by its path from the root.
pub fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// Lists the files of a folder with an extension, sorted, by their paths from the root. Panics if there are none.
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
