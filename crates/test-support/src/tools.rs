//! Programs of Prometheus and Alertmanager that tests run.

use std::{env, process::Command};

use crate::repository;

/// Returns the paths of `promtool`: the local runtime's, from the variable `PROMTOOL` if it is set, and one of the version
/// in `compose.yml` if `PROMTOOL_OF_COMPOSE` names it.
pub fn promtools() -> Vec<String> {
    let local = env::var("PROMTOOL").unwrap_or_else(|_| "promtool".to_owned());
    [local].into_iter().chain(env::var("PROMTOOL_OF_COMPOSE")).collect()
}

/// Runs every `promtool` in the repository's root. Panics if one fails.
pub fn run_promtools(arguments: &[&str]) {
    for promtool in promtools() {
        run(&promtool, arguments);
    }
}

/// Returns the path of `prometheus`, from the variable `PROMETHEUS` if it is set.
pub fn prometheus() -> String {
    env::var("PROMETHEUS").unwrap_or_else(|_| "prometheus".to_owned())
}

/// Returns the path of `alertmanager`, from the variable `ALERTMANAGER` if it is set.
pub fn alertmanager() -> String {
    env::var("ALERTMANAGER").unwrap_or_else(|_| "alertmanager".to_owned())
}

/// Returns the path of `amtool`, from the variable `AMTOOL` if it is set.
pub fn amtool() -> String {
    env::var("AMTOOL").unwrap_or_else(|_| "amtool".to_owned())
}

/// Runs a program in the repository's root and returns its output. Panics if it fails.
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
