//! A real PgBouncer in transaction mode between the service and Postgres, which moves clients among a few sessions.

use std::{collections::BTreeSet, process::Command};

use reqwest::Client;
use serde_json::Value;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use test_support::pgbouncer::PgBouncer;
use tokio::task::{JoinSet, spawn_blocking};

use crate::app::TestApp;

/// Runs `observer migrate` and returns whether it succeeded, and what it said.
async fn migrate(url: &str) -> (bool, String) {
    let url = url.to_owned();
    let output = spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_observer"))
            .args(["migrate", "--wait=5s", "--database-url", &url])
            .output()
            .expect("the binary runs")
    });
    let output = output.await.expect("no panic");
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

async fn advisory_locks(pool: &PgPool) -> i64 {
    let locks = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                 WHERE locktype = 'advisory' AND datname = current_database()";
    sqlx::query_scalar(locks).fetch_one(pool).await.expect("the locks")
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn two_instances_count_and_are_ready_through_pgbouncer(_: PgPoolOptions, database: PgConnectOptions) {
    let pooler = PgBouncer::in_front_of(&database, 2).await;
    let flag = format!("--database-url={}", pooler.url());
    let apps = [
        TestApp::start_without_database(&[&flag]),
        TestApp::start_without_database(&[&flag]),
    ];
    let client = Client::new();
    let mut calls = JoinSet::new();
    for call in 0..200 {
        for path in ["/counter", "/readyz"] {
            let request = client.get(apps[call % 2].at(path));
            calls.spawn(async move {
                let reply = request.send().await.expect("an answer");
                let status = reply.status().as_u16();
                (path, status, reply.text().await.expect("a text"))
            });
        }
    }
    let mut numbers = BTreeSet::new();
    for (path, status, body) in calls.join_all().await {
        assert_eq!(status, 200, "{path}: {body}");
        if path == "/counter" {
            let body: Value = serde_json::from_str(&body).expect("JSON");
            numbers.insert(body["count"].as_u64().expect("a number"));
        }
    }
    assert_eq!(numbers, (1..=200).collect());
    for app in apps {
        app.stop().await;
    }
}

#[sqlx::test(migrations = false)]
async fn concurrent_and_repeated_migrations_through_pgbouncer_leave_one_schema_and_no_lock(
    options: PgPoolOptions,
    database: PgConnectOptions,
) {
    let pooler = PgBouncer::in_front_of(&database, 2).await;
    let (first, second) = tokio::join!(migrate(pooler.url()), migrate(pooler.url()));
    for (succeeded, said) in [first, second, migrate(pooler.url()).await, migrate(pooler.url()).await] {
        assert!(succeeded, "{said}");
    }
    let pool = options.connect_with(database).await.expect("the database");
    let rows: Vec<i64> = sqlx::query_scalar("SELECT value FROM counter")
        .fetch_all(&pool)
        .await
        .expect("the table");
    assert_eq!(rows, [0]);
    assert_eq!(advisory_locks(&pool).await, 0);
    pool.close().await;
}
