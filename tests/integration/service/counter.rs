//! The counter: every call gets its own number, few statements serve many calls, and a lost database is told in time.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use observer::store::{Database, DatabaseSettings, Store};
use prometheus::Registry;
use red_metrics::encode;
use reqwest::Client;
use serde_json::Value;
use sqlx::{
    PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use test_support::{
    exposition::{Exposition, eventually},
    proxy::Proxy,
};
use tokio::{task::JoinSet, time::sleep};

use crate::app::TestApp;

const INCREMENTS: &str = r#"db_client_operation_duration_seconds_count{operation="increment",outcome="ok"}"#;

/// One call, which must succeed.
async fn count(client: &Client, app: &str) -> i64 {
    let reply = client.get(format!("{app}/counter")).send().await.expect("an answer");
    assert_eq!(reply.status(), 200);
    let body: Value = serde_json::from_slice(&reply.bytes().await.expect("the body")).expect("JSON");
    body["count"].as_i64().expect("a number in the field 'count'")
}

/// This many calls at once, from as many clients.
async fn count_at_once(app: &TestApp, calls: usize) -> Vec<i64> {
    let client = Client::new();
    let mut running = JoinSet::new();
    for _ in 0..calls {
        let (client, url) = (client.clone(), app.url.clone());
        running.spawn(async move { count(&client, &url).await });
    }
    running.join_all().await
}

async fn stored(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT value FROM counter")
        .fetch_one(pool)
        .await
        .expect("the counter's row")
}

/// Holds the counter's row until the transaction ends: statements on it wait until then.
async fn lock_row(pool: &PgPool) -> Transaction<'static, Postgres> {
    let mut lock = pool.begin().await.expect("a transaction");
    sqlx::query("SELECT FROM counter FOR UPDATE")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    lock
}

/// Opens the store alone, with at most this many connections, and waits for the first.
async fn open(database: PgConnectOptions, pool_size: u32, registry: &Registry) -> Arc<Store> {
    let settings = DatabaseSettings {
        database: Database { options: database },
        database_pool_size: pool_size,
        database_idle_timeout: Duration::from_secs(30),
    };
    let store = Arc::new(Store::open(&settings, registry).expect("an empty registry"));
    eventually("the database answers", async || store.check().await.ok()).await;
    store
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn the_counter_starts_at_1(_: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &[]);
    let client = Client::new();
    for expected in 1..=3 {
        assert_eq!(count(&client, &app.url).await, expected);
    }
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn two_instances_hand_out_distinct_numbers_without_a_gap(options: PgPoolOptions, database: PgConnectOptions) {
    let (app, beta) = (TestApp::start(&database, &[]), TestApp::start(&database, &[]));
    let (from_app, from_beta) = tokio::join!(count_at_once(&app, 300), count_at_once(&beta, 300));
    let numbers: BTreeSet<i64> = from_app.into_iter().chain(from_beta).collect();
    assert_eq!(numbers, (1..=600).collect());

    let pool = options.connect_with(database).await.expect("the database");
    assert_eq!(stored(&pool).await, 600, "what was handed out is what is stored");
    pool.close().await;
    app.stop().await;
    beta.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn waiting_callers_share_a_statement(options: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &[]);
    let pool = options.connect_with(database).await.expect("the database");

    // The row is locked: the first statement waits, and the calls behind it gather.
    let lock = lock_row(&pool).await;
    let (numbers, ()) = tokio::join!(count_at_once(&app, 100), async {
        eventually("100 calls wait", async || {
            let waiting = app.metrics().await.sum("http_concurrent_requests");
            (waiting == 100.0).then_some(())
        })
        .await;
        lock.rollback().await.expect("the lock is given back");
    });
    let numbers: BTreeSet<i64> = numbers.into_iter().collect();
    assert_eq!(numbers.len(), 100);
    let statements = app.metrics().await.value(INCREMENTS);
    assert!(statements <= 3.0, "100 calls took {statements} statements");
    pool.close().await;
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_thousand_calls_at_once_take_a_handful_of_statements(_: PgPoolOptions, database: PgConnectOptions) {
    let registry = Registry::new();
    let store = open(database, 5, &registry).await;
    let mut running = JoinSet::new();
    for _ in 0..1_000 {
        let store = Arc::clone(&store);
        running.spawn(async move { store.counter().next().await.expect("a number") });
    }
    let numbers: BTreeSet<i64> = running.join_all().await.into_iter().collect();
    assert_eq!(numbers, (1..=1_000).collect());
    let statements = Exposition::parse(&encode(&registry).expect("the metrics")).value(INCREMENTS);
    // While one runs, which takes a round trip at the least, all the others gather.
    assert!(statements <= 10.0, "1,000 calls took {statements} statements");
    store.close().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn readiness_checks_get_the_only_connection_under_load(_: PgPoolOptions, database: PgConnectOptions) {
    let store = open(database, 1, &Registry::new()).await;
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                loop {
                    store.counter().next().await.expect("a number");
                }
            })
        })
        .collect();
    for _ in 0..20 {
        store.check().await.expect("the database answers");
    }
    for caller in callers {
        assert!(!caller.is_finished(), "each call got its number");
        caller.abort();
    }
    store.close().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn an_idle_counter_returns_its_connection(_: PgPoolOptions, database: PgConnectOptions) {
    let registry = Registry::new();
    let store = open(database, 5, &registry).await;
    let connections = |state: &str| {
        let series = format!(r#"db_pool_connections{{state="{state}"}}"#);
        Exposition::parse(&encode(&registry).expect("the metrics")).value(&series)
    };
    for _ in 0..100 {
        store.counter().next().await.expect("a number");
    }
    eventually("no connection is used", async || {
        (connections("used") == 0.0).then_some(())
    })
    .await;
    // One for the calls, and perhaps the one that the check before them was about to give back.
    assert!((1.0..=2.0).contains(&connections("idle")));
    store.close().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_lost_database_is_reported_in_time_and_used_again_when_it_is_back(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let proxy = Proxy::in_front_of(&database).await;
    let app = TestApp::start(&proxy.route(&database), &[]);
    let client = Client::new();
    assert_eq!(count(&client, &app.url).await, 1);

    proxy.cut();
    let asked = Instant::now();
    let reply = app.get("/counter").await;
    assert_eq!(reply.status(), 503);
    assert_eq!(reply.headers()["retry-after"], "1");
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        asked.elapsed()
    );
    assert_eq!(app.get("/echo").await.status(), 200, "the other endpoints do not care");

    proxy.restore();
    let next = eventually("the counter counts again", async || {
        (app.get("/counter").await.status() == 200).then_some(())
    });
    next.await;
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_hanging_database_is_reported_in_time_and_its_connection_is_closed(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let proxy = Proxy::in_front_of(&database).await;
    let app = TestApp::start(&proxy.route(&database), &[]);
    assert_eq!(count(&Client::new(), &app.url).await, 1);

    let connections = proxy.accepted();
    proxy.hang();
    let asked = Instant::now();
    let replies = tokio::join!(app.get("/counter"), app.get("/counter"), app.get("/counter"));
    for reply in [replies.0, replies.1, replies.2] {
        assert_eq!(reply.status(), 503);
    }
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "it took {:?}",
        asked.elapsed()
    );

    proxy.restore();
    let number = eventually("the counter counts again", async || {
        let reply = app.get("/counter").await;
        (reply.status() == 200).then_some(reply)
    })
    .await;
    let body: Value = serde_json::from_slice(&number.bytes().await.expect("the body")).expect("JSON");
    assert!(
        body["count"].as_i64() > Some(1),
        "a number that was reserved meanwhile is not handed out again"
    );
    assert!(
        proxy.accepted() > connections,
        "the connection that hung is replaced by a new one"
    );
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_call_right_after_the_database_cut_all_connections_succeeds(
    options: PgPoolOptions,
    database: PgConnectOptions,
) {
    let app = TestApp::start(&database, &[]);
    let client = Client::new();
    assert_eq!(count(&client, &app.url).await, 1);

    let pool = options.connect_with(database).await.expect("the database");
    sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'observer' AND datname = current_database()")
        .execute(&pool)
        .await
        .expect("the connections are cut");
    assert!(
        count(&client, &app.url).await > 1,
        "a stale connection is replaced without a failure"
    );
    pool.close().await;
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_caller_that_waits_for_a_connection_is_counted(options: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &["--database-pool-size=1"]);
    assert_eq!(app.get("/readyz").await.status(), 200);
    assert_eq!(app.metrics().await.value("db_pool_waits_total"), 0.0);

    // The row is locked: the counter's statement holds the only connection, and the probe waits for it.
    let pool = options.connect_with(database).await.expect("the database");
    let lock = lock_row(&pool).await;
    let (counted, ready) = tokio::join!(app.get("/counter"), async {
        eventually("the connection is in use", async || {
            (app.metrics().await.value(r#"db_pool_connections{state="used"}"#) == 1.0).then_some(())
        })
        .await;
        let (ready, ()) = tokio::join!(app.get("/readyz"), async {
            eventually("a caller waits", async || {
                (app.metrics().await.value("db_pool_waiting_callers") == 1.0).then_some(())
            })
            .await;
            sleep(Duration::from_millis(200)).await;
            lock.rollback().await.expect("the lock is given back");
        });
        ready
    });
    assert_eq!((counted.status().as_u16(), ready.status().as_u16()), (200, 200));
    let metrics = app.metrics().await;
    assert_eq!(metrics.value("db_pool_waits_total"), 1.0);
    assert_eq!(metrics.value("db_pool_waiting_callers"), 0.0);
    let waited = metrics.value("db_pool_wait_duration_seconds_sum");
    assert!(waited > 0.2, "the callers waited {waited} s");
    let checked = r#"db_client_operation_duration_seconds_sum{operation="check",outcome="ok"}"#;
    let checked = metrics.value(checked);
    assert!(checked < 0.2, "both checks took {checked} s, the wait not included");
    pool.close().await;
    app.stop().await;
}
