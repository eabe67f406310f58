//! `promtool check metrics`.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::tools;

/// Asserts that `promtool check metrics` has no complaint about the text.
#[track_caller]
pub fn check_metrics(text: &str) {
    assert_eq!(complaints(text), "");
}

/// Returns the complaints of `promtool check metrics` about the text, empty if there are none. Panics where one version
/// has others than the next.
pub fn complaints(text: &str) -> String {
    let promtools = tools::promtools();
    let mut complaints = promtools.iter().map(|promtool| complaints_of(promtool, text));
    let first = complaints.next().expect("a promtool");
    complaints.for_each(|other| assert_eq!(first, other, "the complaints of {promtools:?}"));
    first
}

fn complaints_of(promtool: &str, text: &str) -> String {
    let mut check = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {promtool} ({error}); `make test` provides it"));
    let mut input = check.stdin.take().expect("it is piped");
    input.write_all(text.as_bytes()).expect("promtool reads");
    drop(input);
    let output = check.wait_with_output().expect("promtool ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said
}
