//! /healthz and /readyz, and a start before the database.

use sqlx::{
    AssertSqlSafe, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use test_support::{exposition::eventually, proxy::Proxy};

use crate::app::TestApp;

#[tokio::test]
async fn without_a_database_it_is_alive_and_not_ready() {
    let app = TestApp::start_without_database(&[]).await;
    assert_eq!(app.get("/healthz").await.status(), 200);
    let reply = app.get("/readyz").await;
    assert_eq!(reply.status(), 503);
    assert_eq!(reply.headers()["retry-after"], "1");
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn it_starts_without_the_database_and_becomes_ready_when_it_is_up(_: PgPoolOptions, database: PgConnectOptions) {
    let proxy = Proxy::in_front_of(&database).await;
    proxy.cut();
    let app = TestApp::start(&proxy.route(&database), &[]).await;
    assert_eq!(app.get("/readyz").await.status(), 503);

    proxy.restore();
    eventually("it is ready", async || {
        (app.get("/readyz").await.status() == 200).then_some(())
    })
    .await;
    assert_eq!(app.get("/counter").await.status(), 200);
    app.stop().await;
}

/// Neither counts nor is ready, and says why.
async fn is_not_ready(app: &TestApp, reason: &str) {
    assert_eq!(app.get("/counter").await.status(), 503);
    let reply = app.get("/readyz").await;
    assert_eq!(reply.status(), 503);
    let body = reply.text().await.expect("a text");
    assert!(body.contains(reason), "no '{reason}' in: {body}");
}

async fn execute(pool: &PgPool, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(pool)
        .await
        .expect(statement);
}

/// Makes new sessions of the database read-only, or not.
async fn set_read_only(pool: &PgPool, state: &str) {
    let alter = format!("ALTER DATABASE %I SET default_transaction_read_only = {state}");
    execute(
        pool,
        &format!(
            "SET transaction_read_only = off;
             DO $$ BEGIN EXECUTE format('{alter}', current_database()); END $$"
        ),
    )
    .await;
}

#[tokio::test]
async fn a_database_that_is_away_is_named() {
    is_not_ready(&TestApp::start_without_database(&[]).await, "postgres is away").await;
}

#[sqlx::test(migrations = false)]
async fn a_database_that_was_not_migrated_is_not_ready(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &[]).await;
    is_not_ready(&app, "schema missing").await;
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_counter_without_its_row_is_not_ready_until_the_row_is_back(
    options: PgPoolOptions,
    database: PgConnectOptions,
) {
    let pool = options.connect_with(database.clone()).await.expect("the database");
    execute(&pool, "DELETE FROM counter").await;
    let app = TestApp::start(&database, &[]).await;
    is_not_ready(&app, "schema missing").await;
    execute(&pool, "INSERT INTO counter (id, value) VALUES (1, 0)").await;
    assert_eq!(app.get("/readyz").await.status(), 200);
    assert_eq!(app.get("/counter").await.status(), 200);
    pool.close().await;
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_read_only_database_is_not_ready_and_its_sessions_are_left_at_once(
    options: PgPoolOptions,
    database: PgConnectOptions,
) {
    let pool = options.connect_with(database.clone()).await.expect("the database");
    set_read_only(&pool, "on").await;
    let app = TestApp::start(&database, &[]).await;
    is_not_ready(&app, "postgres is read-only").await;
    // As after a failover: sessions that are new can write.
    set_read_only(&pool, "off").await;
    assert_eq!(app.get("/counter").await.status(), 200);
    assert_eq!(app.get("/readyz").await.status(), 200);
    pool.close().await;
    app.stop().await;
}

#[tokio::test]
async fn the_probes_and_the_metrics_are_not_measured() {
    let app = TestApp::start_without_database(&[]).await;
    for path in ["/healthz", "/readyz", "/metrics"] {
        app.get(path).await;
    }
    let metrics = app.metrics().await;
    assert_eq!(metrics.sum("http_requests_total"), 0.0);
    assert!(
        !metrics
            .series()
            .any(|series| series.contains("path=\"/metrics\"") || series.contains("z\"")),
        "no series names them",
    );
}
