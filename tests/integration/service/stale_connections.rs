//! Keepalive, and connections that broke without a sign: the network has forgotten them.

use std::{fs, time::Duration};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use test_support::{exposition::eventually, proxy::Proxy};
use tokio::{task::JoinSet, time::sleep};

use crate::app::TestApp;

const POOL: usize = 5;

/// Has the pool open all of its connections, which are idle then.
async fn fill_pool(app: &TestApp, options: PgPoolOptions, database: PgConnectOptions) {
    let connections = async |state: &str| {
        let series = format!(r#"db_pool_connections{{state="{state}"}}"#);
        app.metrics().await.value(&series)
    };
    // The probes wait for the lock, each with a connection.
    let pool = options.connect_with(database).await.expect("the database");
    let mut lock = pool.begin().await.expect("a transaction");
    sqlx::raw_sql("LOCK TABLE counter")
        .execute(&mut *lock)
        .await
        .expect("the lock");
    let mut probes = JoinSet::new();
    for _ in 0..POOL {
        probes.spawn(reqwest::get(app.at("/readyz")));
    }
    eventually("all connections are used", async || {
        (connections("used").await == POOL as f64).then_some(())
    })
    .await;
    lock.rollback().await.expect("the lock is given back");
    for probe in probes.join_all().await {
        assert_eq!(probe.expect("an answer").status(), 200);
    }
    eventually("all connections are idle", async || {
        (connections("idle").await == POOL as f64).then_some(())
    })
    .await;
    pool.close().await;
}

/// The statuses of this many calls, one after the other.
async fn count(app: &TestApp, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(app.get("/counter").await.status().as_u16());
        // Longer than the counter keeps its connection: each call takes one from the pool.
        sleep(Duration::from_millis(150)).await;
    }
    statuses
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn connections_forgotten_while_they_were_idle_are_replaced_before_their_use(
    options: PgPoolOptions,
    database: PgConnectOptions,
) {
    let proxy = Proxy::in_front_of(&database).await;
    let app = TestApp::start(&proxy.route(&database), &["--database-idle-timeout=1s"]);
    fill_pool(&app, options, database).await;
    proxy.forget();
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(count(&app, 2 * POOL).await, [200; 2 * POOL]);
    proxy.cut();
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn connections_forgotten_just_now_cost_one_failure(options: PgPoolOptions, database: PgConnectOptions) {
    let proxy = Proxy::in_front_of(&database).await;
    let app = TestApp::start(&proxy.route(&database), &[]);
    fill_pool(&app, options, database).await;
    proxy.forget();
    let statuses = count(&app, 2 * POOL).await;
    assert_eq!(statuses[1..], [200; 2 * POOL - 1], "only the first may fail");
    proxy.cut();
    app.stop().await;
}

#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn a_probe_that_is_given_up_on_a_dead_connection_gives_its_place_back(
    _: PgPoolOptions,
    database: PgConnectOptions,
) {
    let proxy = Proxy::in_front_of(&database).await;
    let app = TestApp::start(&proxy.route(&database), &["--database-pool-size=1"]);
    assert_eq!(app.get("/readyz").await.status(), 200);
    proxy.forget();
    let client = reqwest::Client::builder().timeout(Duration::from_millis(300));
    let given_up = client.build().expect("a client").get(app.at("/readyz")).send().await;
    assert!(given_up.is_err(), "the connection is dead");
    eventually("it is ready again", async || {
        (app.get("/readyz").await.status() == 200).then_some(())
    })
    .await;
    proxy.cut();
    app.stop().await;
}

/// Hundredths of a second until the server's end of a connection sends a keepalive, from the kernel's table.
#[cfg(target_os = "linux")]
fn keepalive_timer(server: u16, client: u16) -> Option<u32> {
    let table = fs::read_to_string("/proc/net/tcp").expect("Linux");
    let (server, client) = (format!(":{server:04X}"), format!(":{client:04X}"));
    table.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let timer = fields[5].strip_prefix("02:")?;
        (fields[1].ends_with(&server) && fields[2].ends_with(&client))
            .then(|| u32::from_str_radix(timer, 16).expect("a time"))
    })
}

#[cfg(target_os = "linux")]
#[sqlx::test(migrator = "observer::store::MIGRATOR")]
async fn the_server_sends_keepalives(options: PgPoolOptions, database: PgConnectOptions) {
    let app = TestApp::start(&database, &[]);
    assert_eq!(app.get("/counter").await.status(), 200);
    let server = database.get_port();
    let pool = options.connect_with(database).await.expect("the database");
    let clients: Vec<i32> = sqlx::query_scalar(
        "SELECT client_port FROM pg_stat_activity WHERE application_name = 'observer' AND datname = current_database()",
    )
    .fetch_all(&pool)
    .await
    .expect("the sessions");
    assert!(!clients.is_empty());
    for client in clients {
        eventually("the timer of a keepalive runs", async || {
            keepalive_timer(server, u16::try_from(client).expect("a port")).filter(|&hundredths| hundredths <= 1000)
        })
        .await;
    }
    pool.close().await;
    app.stop().await;
}
