//! Rebuilds when a migration or a runbook is added: macros read both folders at compile time.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=docs/runbooks");
}
