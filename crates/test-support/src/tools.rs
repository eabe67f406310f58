//! The tools of Prometheus and Alertmanager that tests run.

use std::{env, process::Command};

use crate::repository;

/// `promtool`, or what the variable PROMTOOL names.
pub fn promtool() -> String {
    env::var("PROMTOOL").unwrap_or_else(|_| "promtool".to_owned())
}

/// `prometheus`, or what the variable PROMETHEUS names.
pub fn prometheus() -> String {
    env::var("PROMETHEUS").unwrap_or_else(|_| "prometheus".to_owned())
}

/// `amtool`, or what the variable AMTOOL names.
pub fn amtool() -> String {
    env::var("AMTOOL").unwrap_or_else(|_| "amtool".to_owned())
}

/// Runs a tool at the repository's root. Returns what it printed; a failure is one of the test.
pub fn run(tool: &str, arguments: &[&str]) -> String {
    let output = Command::new(tool)
        .args(arguments)
        .current_dir(repository::root())
        .output()
        .unwrap_or_else(|error| panic!("cannot run {tool} ({error}); `make test` provides it"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{tool} {}\n{printed}{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    printed
}
