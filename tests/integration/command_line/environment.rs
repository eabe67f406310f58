//! Environment variables: empty ones, the log filter, and proxies that are meant for the outside.

use std::{net::TcpListener, process::Command};

use clap::CommandFactory;
use observer::cli::Cli;
use tokio::net::TcpListener as AsyncTcpListener;

use super::said;

/// A proxy that refuses connections, under every name that a client may read.
const DEAD_PROXY: &str = "http://127.0.0.1:9";
const PROXY_VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// The variables of a subcommand's settings.
fn variables(subcommand: &str) -> Vec<String> {
    let command = Cli::command();
    let subcommand = command.find_subcommand(subcommand).expect("a subcommand");
    let settings = subcommand.get_arguments();
    settings
        .filter_map(|setting| setting.get_env()?.to_str().map(str::to_owned))
        .collect()
}

#[test]
fn every_empty_variable_is_unset() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = format!("--listen={}", taken.local_addr().expect("an address"));
    // Each fails after it has read its settings, which an invalid one would end with 2.
    for (subcommand, flag, failure) in [
        ("serve", listen.as_str(), "cannot listen on"),
        ("pager", &listen, "cannot listen on"),
        ("discover", &listen, "cannot listen on"),
        (
            "migrate",
            "--database-url=postgres://127.0.0.1:1/x",
            "cannot connect to the database",
        ),
        ("healthcheck", "--url=http://127.0.0.1:1/", "refuses connections"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_observer"));
        command.args([subcommand, flag]);
        if subcommand == "migrate" {
            command.arg("--wait=0s");
        }
        let empty = variables(subcommand);
        assert!(!empty.is_empty(), "{subcommand}");
        let output = command
            .envs(empty.iter().map(|variable| (variable, "")))
            .output()
            .expect("the binary runs");
        let message = said(&output);
        assert_eq!(output.status.code(), Some(1), "{subcommand}: {message}");
        assert!(message.contains(failure), "{subcommand}: {message}");
    }
}

#[test]
fn a_required_setting_whose_variable_is_empty_is_missing() {
    let output = Command::new(env!("CARGO_BIN_EXE_observer"))
        .arg("discover")
        .envs([("OBSERVER_DISCOVERY_FILE", ""), ("OBSERVER_DISCOVERY_LISTEN", "")])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--file"), "{}", said(&output));
}

#[test]
fn a_log_filter_that_names_no_level_is_refused_by_every_subcommand_that_logs() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = format!("--listen={}", taken.local_addr().expect("an address"));
    for (subcommand, flag) in [
        ("serve", listen.as_str()),
        ("pager", &listen),
        ("discover", &listen),
        ("migrate", "--wait=0s"),
    ] {
        for filter in ["warning", "verbose", "info,observer", "observer=loud"] {
            let output = Command::new(env!("CARGO_BIN_EXE_observer"))
                .args([subcommand, flag])
                .envs([
                    ("OBSERVER_LOG_FILTER", filter),
                    ("DATABASE_URL", "postgres://127.0.0.1:1/x"),
                ])
                .output()
                .expect("the binary runs");
            let message = said(&output);
            assert_eq!(output.status.code(), Some(2), "{subcommand} {filter}: {message}");
            for part in [
                "--log-filter",
                filter,
                "expected off, error, warn, info, debug or trace",
            ] {
                assert!(message.contains(part), "{subcommand}: no '{part}' in: {message}");
            }
        }
    }
}

#[test]
fn a_log_filter_may_have_blanks_around_it() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = taken.local_addr().expect("an address").to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_observer"))
        .args(["serve", "--control-listen=127.0.0.1:0", "--listen", &listen])
        .env("OBSERVER_LOG_FILTER", " info , observer = debug ")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("cannot listen on"), "{}", said(&output));
}

#[tokio::test]
async fn a_health_check_ignores_the_proxy_of_the_environment() {
    let listener = AsyncTcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        axum::serve(
            listener,
            axum::Router::new().route("/", axum::routing::get(|| async {})),
        )
        .await
    });
    let check = |url: String, proxy: String| {
        tokio::task::spawn_blocking(move || {
            Command::new(env!("CARGO_BIN_EXE_observer"))
                .args(["healthcheck", "--url", &url])
                .envs(PROXY_VARIABLES.map(|variable| (variable, &proxy)))
                .env_remove("NO_PROXY")
                .env_remove("no_proxy")
                .output()
                .expect("the binary runs")
        })
    };
    let healthy = check(url.clone(), DEAD_PROXY.to_owned()).await.expect("no panic");
    assert!(healthy.status.success(), "behind a dead proxy: {}", said(&healthy));
    // The service is the proxy here, and would answer for anything.
    let dead = check("http://127.0.0.1:1/".to_owned(), url).await.expect("no panic");
    assert_eq!(dead.status.code(), Some(1), "{}", said(&dead));
    assert!(said(&dead).contains("refuses connections"), "{}", said(&dead));
}
