//! The binary as a person or a script runs it.

mod environment;
mod signals;

use std::process::{Command, Output};

use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgPoolOptions},
};

fn observer(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_observer"))
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_invalid_setting_exits_with_2_and_names_flag_value_and_expectation() {
    for (argument, value, expected) in [
        ("--listen", "8080", "invalid socket address"),
        ("--name", "My App", "expected lower-case letters"),
        ("--ping-error-ratio", "2", "expected a number from 0 to 1"),
        ("--ping-delay", "soon", "expected none, constant:20ms"),
        ("--peer-url", "beta:8081", "expected a URL"),
        ("--database-pool-size", "0", "1..=1000"),
        ("--lorem-rate", "0", "expected a number from 0.001"),
        ("--lorem-burst", "0", "zero"),
        ("--body-limit", "1MB", "invalid digit"),
        ("--shutdown-timeout", "10", "time unit needed"),
        ("--incidents", "now and then", "expected a duration such as 20m"),
        (
            "--control-listen",
            "0.0.0.0:9901",
            "which others can reach; expected a loopback address",
        ),
        ("--log-format", "xml", "text, json"),
    ] {
        let output = observer(&["serve", argument, value]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{argument} {value}: {message}");
        for part in [argument, value, expected] {
            assert!(message.contains(part), "{argument} {value}: no '{part}' in: {message}");
        }
    }
}

#[test]
fn an_invalid_secret_is_refused_and_not_shown() {
    for (command, argument, value, secrets) in [
        ("serve", "--database-url", "mysql://observer:s3cret@db/x", "s3cret"),
        ("serve", "--control-token", "s3cret word", "s3cret"),
        (
            "migrate",
            "--database-url",
            "postgres://observer:a#s3cret@db/x",
            "s3cret",
        ),
        (
            "migrate",
            "--database-url",
            "postgres://observer:a@s3cret/b@db/x",
            "s3cret",
        ),
        (
            "migrate",
            "--database-url",
            "postgres://observer:a@s3cret?b@db/x",
            "s3cret",
        ),
        (
            "pager",
            "--forward-url",
            "ftp://user:s3cret@example.com/s3cret",
            "s3cret",
        ),
        (
            "pager",
            "--forward-url",
            "https://user:s3cret@example.com:port/s3cret",
            "s3cret",
        ),
        ("pager", "--hand-on-url", "s3cret.example.com/s3cret", "s3cret"),
        (
            "pager",
            "--forward-proxy",
            "https://user:s3cret@proxy.example.com",
            "s3cret",
        ),
    ] {
        let output = observer(&[command, argument, value]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{argument} {value}: {message}");
        assert!(!message.contains(secrets), "{argument} {value}: {message}");
        for part in [argument, "(hidden)", "expected"] {
            assert!(message.contains(part), "{argument} {value}: no '{part}' in: {message}");
        }
    }
}

#[test]
fn an_invalid_setting_of_discover_exits_with_2() {
    for (argument, value, expected) in [
        (
            "--docker-host",
            "ssh://host",
            "expected unix:///var/run/docker.sock or tcp://host:2375",
        ),
        ("--mode", "kubernetes", "auto, swarm, plain"),
        ("--labels", "image", "service, container, node, project"),
        ("--interval", "1ms", "expected at least 100ms"),
        ("--listen", "9090", "invalid socket address"),
    ] {
        let output = observer(&["discover", "--file=targets.json", argument, value]);
        let message = said(&output);
        assert_eq!(output.status.code(), Some(2), "{argument} {value}: {message}");
        for part in [argument, expected] {
            assert!(message.contains(part), "{argument} {value}: no '{part}' in: {message}");
        }
    }
    let output = observer(&["discover"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--file"), "{}", said(&output));
}

#[test]
fn an_invalid_environment_variable_is_rejected_like_its_flag() {
    let output = Command::new(env!("CARGO_BIN_EXE_observer"))
        .arg("serve")
        .env("OBSERVER_ECHO_ERROR_RATIO", "most")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--echo-error-ratio"), "{}", said(&output));
}

#[test]
fn the_help_names_the_environment_variable_of_every_setting() {
    for subcommand in ["serve", "migrate", "pager", "discover"] {
        let output = observer(&[subcommand, "--help"]);
        let help = String::from_utf8_lossy(&output.stdout).into_owned();
        let flags = help.lines().filter(|line| line.trim_start().starts_with("--")).count();
        let variables = help.lines().filter(|line| line.contains("[env: ")).count();
        assert!(flags > 0, "{help}");
        assert_eq!(variables, flags, "{help}");
    }
}

#[test]
fn an_address_in_use_is_named_in_the_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = observer(&["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains(&format!("cannot listen on {address}")),
        "{}",
        said(&output)
    );
}

#[test]
fn a_health_check_of_a_port_where_nothing_listens_fails_at_once() {
    let output = observer(&["healthcheck", "--url", "http://127.0.0.1:1/readyz"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("refuses connections"), "{}", said(&output));
}

#[test]
fn a_failed_migration_names_the_database_without_its_password() {
    let url = "postgres://observer:secret@127.0.0.1:1/observer";
    let output = observer(&["migrate", "--database-url", url, "--wait", "300ms"]);
    assert_eq!(output.status.code(), Some(1));
    let message = said(&output);
    assert!(
        message.contains("cannot connect to the database at 127.0.0.1:1"),
        "{message}"
    );
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn a_failed_health_check_shows_no_secret_of_its_url() {
    let output = Command::new(env!("CARGO_BIN_EXE_observer"))
        .args([
            "healthcheck",
            "--url=http://secret:secret@127.0.0.1:1/readyz?key=secret",
        ])
        .output()
        .expect("the binary runs");
    let message = said(&output);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(
        message.contains("http://127.0.0.1:1/readyz refuses connections"),
        "{message}"
    );
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn an_invalid_database_url_is_refused_without_a_part_of_its_password() {
    for url in [
        "mysql://observer:secret@127.0.0.1/observer",
        "postgres://observer:secret@127.0.0.1:port/observer",
        "postgres://observer:a@secret/b@127.0.0.1/observer",
        "postgres://observer:a@secret@127.0.0.1:1/observer",
        "postgres://observer:secret#@127.0.0.1/observer",
    ] {
        for subcommand in ["migrate", "serve"] {
            let output = Command::new(env!("CARGO_BIN_EXE_observer"))
                .arg(subcommand)
                .env("DATABASE_URL", url)
                .output()
                .expect("the binary runs");
            let message = said(&output);
            assert_eq!(output.status.code(), Some(2), "{url}: {message}");
            for part in ["--database-url", "expected postgres://user:password@host:port/database"] {
                assert!(message.contains(part), "{url}: no '{part}' in: {message}");
            }
            assert!(!message.contains("secret"), "{message}");
        }
    }
}

#[sqlx::test(migrations = false)]
async fn concurrent_migrations_leave_one_schema(options: PgPoolOptions, database: PgConnectOptions) {
    let url = database.to_url_lossy().to_string();
    let migrate = || {
        let url = url.clone();
        tokio::task::spawn_blocking(move || observer(&["migrate", "--database-url", &url]))
    };
    let (first, second) = tokio::join!(migrate(), migrate());
    for output in [first.expect("no panic"), second.expect("no panic")] {
        assert!(output.status.success(), "{}", said(&output));
    }
    let pool = options.connect_with(database).await.expect("the database");
    let rows: Vec<i64> = sqlx::query_scalar("SELECT value FROM counter")
        .fetch_all(&pool)
        .await
        .expect("the table");
    assert_eq!(rows, [0]);
    pool.close().await;
}
