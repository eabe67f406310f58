//! /healthz and /readyz, and a start before the database.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
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

#[sqlx::test(migrations = false)]
async fn a_database_that_was_not_migrated_is_not_ready(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &[]).await;
    assert_eq!(app.get("/readyz").await.status(), 503);
    assert_eq!(app.get("/counter").await.status(), 503);
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
