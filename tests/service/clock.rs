//! No time within a process depends on the wall clock, which jumps when it is set.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::support::repository;

/// The files of a folder and of those within it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry of the folder").path());
    paths
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

#[test]
fn the_wall_clock_is_read_where_a_date_is_wanted_and_nowhere_else() {
    let source = repository::root().join("src");
    let mut readers: Vec<_> = files(&source)
        .into_iter()
        .filter(|file| {
            let text = fs::read_to_string(file).expect("a text");
            text.contains("SystemTime::now") || text.contains("Timestamp::now")
        })
        .map(|file| file.strip_prefix(&source).expect("it is in there").to_owned())
        .collect();
    readers.sort();
    // The date of the last success, as a metric; the age of a heartbeat, whose time comes from another process; the date
    // of an entry.
    let expected = ["discovery/metrics.rs", "pager/heartbeat.rs", "pager/ledger.rs"];
    assert_eq!(readers, expected.map(PathBuf::from));
}
