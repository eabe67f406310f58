//! Settings that are empty or invalid.

use std::{
    net::TcpListener,
    process::{Command, Output},
};

use clap::CommandFactory;
use console::ConsoleSettings;

use crate::process::PROGRAM;

fn run(arguments: &[&str], variables: &[(String, &str)]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = Command::new(PROGRAM)
        .args(arguments)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("the binary runs");
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn every_empty_variable_is_unset() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = format!("--listen={}", taken.local_addr().expect("an address"));
    let command = ConsoleSettings::command();
    let names = command
        .get_arguments()
        .filter_map(|setting| setting.get_env()?.to_str());
    let empty: Vec<_> = names.map(|name| (name.to_owned(), "")).collect();
    assert!(empty.len() > 5, "{empty:?}");
    // It fails after it has read its settings, which an invalid one would end with 2.
    let (code, said) = run(&[&listen], &empty);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("cannot listen on"), "{said}");
}

#[test]
fn a_log_filter_that_names_no_level_is_refused() {
    let (code, said) = run(&[], &[("OBSERVER_LOG_FILTER".to_owned(), "warning")]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("'warning' is neither a level nor target=level"), "{said}");
}

#[test]
fn a_token_that_is_refused_is_not_shown() {
    let (code, said) = run(&["--listen=127.0.0.1:0", "--token=s3cret with blanks"], &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--token") && !said.contains("s3cret"), "{said}");
}
