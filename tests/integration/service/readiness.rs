//! /healthz and /readyz, a start before the database, and the metric of the readiness.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use test_support::{
    exposition::{eventually, within},
    proxy::Proxy,
};

use crate::app::TestApp;

#[tokio::test]
async fn without_a_database_it_is_alive_and_not_ready() {
    let app = TestApp::start_without_database(&[]);
    assert_eq!(app.get("/healthz").await.status(), 200);
    let reply = app.get("/readyz").await;
    assert_eq!(reply.status(), 503);
    assert_eq!(reply.headers()["retry-after"], "1");
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn it_starts_without_the_database_and_becomes_ready_when_it_is_up(_: PgPoolOptions, database: PgConnectOptions) {
    let proxy = Proxy::in_front_of(&database).await;
    proxy.cut();
    let app = TestApp::start(&proxy.route(&database), &[]);
    assert_eq!(app.get("/readyz").await.status(), 503);

    proxy.restore();
    eventually("it is ready", async || {
        (app.get("/readyz").await.status() == 200).then_some(())
    })
    .await;
    assert_eq!(app.get("/counter").await.status(), 200);
    app.stop().await;
}

/// The status and the text of a probe.
async fn probe(app: &TestApp, path: &str) -> (u16, String) {
    let reply = app.get(path).await;
    assert_eq!(reply.headers()["content-type"], "text/plain; charset=utf-8");
    (reply.status().as_u16(), reply.text().await.expect("a text"))
}

/// Neither counts nor is ready, and says why.
async fn is_not_ready(app: &TestApp, reason: &str) {
    assert_eq!(app.get("/counter").await.status(), 503);
    let text = format!("[+]shutdown ok\n[-]postgres failed: {reason}\nreadyz check failed\n");
    assert_eq!(probe(app, "/readyz").await, (503, text));
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
    let app = TestApp::start_without_database(&[]);
    is_not_ready(&app, "away; it does not respond in time").await;
}

#[sqlx::test(migrations = false)]
async fn a_database_that_was_not_migrated_is_not_ready(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &[]);
    is_not_ready(&app, "schema missing; `observer migrate` creates it").await;
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_counter_without_its_row_is_not_ready_until_the_row_is_back(
    options: PgPoolOptions,
    database: PgConnectOptions,
) {
    let pool = options.connect_with(database.clone()).await.expect("the database");
    execute(&pool, "DELETE FROM counter").await;
    let app = TestApp::start(&database, &[]);
    is_not_ready(&app, "schema missing; `observer migrate` creates it").await;
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
    let app = TestApp::start(&database, &[]);
    is_not_ready(&app, "read-only").await;
    // As after a failover: sessions that are new can write.
    set_read_only(&pool, "off").await;
    assert_eq!(app.get("/counter").await.status(), 200);
    assert_eq!(app.get("/readyz").await.status(), 200);
    pool.close().await;
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_success_is_short_and_lists_the_checks_where_it_is_asked_to(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &[]);
    assert_eq!(probe(&app, "/healthz").await, (200, "ok".to_owned()));
    assert_eq!(probe(&app, "/readyz").await, (200, "ok".to_owned()));
    let all = "[+]shutdown ok\n[+]postgres ok\nreadyz check passed\n".to_owned();
    for parameters in ["verbose", "verbose=", "verbose=true"] {
        assert_eq!(
            probe(&app, &format!("/readyz?{parameters}")).await,
            (200, all.clone()),
            "{parameters}"
        );
    }
    app.stop().await;
}

#[tokio::test]
async fn an_excluded_check_is_not_run() {
    let app = TestApp::start_without_database(&[]);
    assert_eq!(probe(&app, "/readyz?exclude=postgres").await, (200, "ok".to_owned()));
    let text = "[+]shutdown excluded: ok\n[+]postgres excluded: ok\nreadyz check passed\n".to_owned();
    let both = "/readyz?exclude=shutdown&verbose&exclude=postgres";
    assert_eq!(probe(&app, both).await, (200, text));
    let metrics = app.metrics().await;
    let asked =
        |outcome| format!(r#"db_client_operation_duration_seconds_count{{operation="check",outcome="{outcome}"}}"#);
    for outcome in ["ok", "error", "timeout"] {
        assert_eq!(metrics.value(&asked(outcome)), 0.0, "{outcome}");
    }
}

#[tokio::test]
async fn unknown_checks_and_parameters_are_warned_of_and_exclude_nothing() {
    let app = TestApp::start_without_database(&[]);
    let (status, text) = probe(&app, "/readyz?exclude=mysql&exclude=a%0Ab&exclude=&leave=postgres").await;
    let warnings = concat!(
        "warn: some health checks cannot be excluded: no matches for \"\", \"a\\nb\", \"mysql\"; ",
        "expected shutdown or postgres\n",
        "warn: unknown parameters \"leave\"; expected verbose or exclude\n",
        "readyz check failed\n",
    );
    assert_eq!(status, 503);
    assert!(text.ends_with(warnings), "{text}");
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_database_that_goes_away_stops_the_counter_alone_and_the_metric_shows_it_unasked(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    // Several rounds of the checks in the background, for a machine that is busy.
    const LIMIT: Duration = Duration::from_secs(30);
    let proxy = Proxy::in_front_of(&database).await;
    let app = TestApp::start(&proxy.route(&database), &[]);
    let ready = async || {
        let metrics = app.metrics().await;
        ["postgres", "shutdown"].map(|check| metrics.value(&format!(r#"observer_ready{{check="{check}"}}"#)))
    };
    assert_eq!(ready().await, [0.0, 0.0], "nothing was checked yet");
    within(LIMIT, "it is ready", async || {
        (ready().await == [1.0, 1.0]).then_some(())
    })
    .await;

    proxy.cut();
    within(LIMIT, "the metric shows that the database is away", async || {
        (ready().await == [0.0, 1.0]).then_some(())
    })
    .await;
    is_not_ready(&app, "away; it does not respond in time").await;
    for path in ["/ping", "/echo", "/healthz", "/readyz?exclude=postgres"] {
        assert_eq!(app.get(path).await.status(), 200, "{path}");
    }

    proxy.restore();
    within(LIMIT, "the metric shows that it is back", async || {
        (ready().await == [1.0, 1.0]).then_some(())
    })
    .await;
    assert_eq!(app.get("/counter").await.status(), 200);
    app.stop().await;
}

#[tokio::test]
async fn the_probes_and_the_metrics_are_not_measured() {
    let app = TestApp::start_without_database(&[]);
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
