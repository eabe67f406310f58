//! Postgres, killed again and again.

use std::{
    collections::BTreeSet,
    env,
    process::{Child, Command},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Client;
use serde_json::Value;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    load::{Outcome, client, get},
    process::{Service, amount},
};

/// The command that becomes a server of a cluster of this test's own, as `scripts/abuse.sh` has prepared it.
const SERVER: &str = "OBSERVER_ABUSE_POSTGRES";

/// The longest until /counter says that the database is away, and the longest until it counts again. Normally 1.5 s and
/// 1 s; the rest is for a machine that is slow at starting Postgres.
const TELLS: Duration = Duration::from_secs(5);
const RECOVERS: Duration = Duration::from_secs(30);

/// A server that does not outlive the test.
struct Postgres(Child);

impl Drop for Postgres {
    fn drop(&mut self) {
        // With SIGKILL, also where the test is over: what it kept is thrown away.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start_postgres() -> Postgres {
    let command = env::var(SERVER).unwrap_or_else(|_| panic!("{SERVER} is not set; `make abuse` sets it"));
    let command = format!("exec {command} 2>/dev/null");
    Postgres(Command::new("sh").args(["-c", &command]).spawn().expect("sh runs"))
}

/// Starts it and waits until it takes connections. Right after a kill the old backends may still hold its memory: then the
/// server ends at once, and is started again.
async fn postgres(url: &str) -> Postgres {
    use sqlx::{Connection, PgConnection};
    let mut server = start_postgres();
    let deadline = Instant::now() + Duration::from_secs(30);
    while PgConnection::connect(url).await.is_err() {
        assert!(Instant::now() < deadline, "Postgres does not start");
        if server.0.try_wait().expect("its state").is_some() {
            server = start_postgres();
        }
        sleep(Duration::from_millis(50)).await;
    }
    server
}

/// Calls /counter again and again, and writes down the numbers. No answer, of whatever status, may be late.
async fn count_on(url: String, numbers: Arc<Mutex<Vec<i64>>>, stop: Arc<AtomicBool>) {
    let client = client();
    while !stop.load(Ordering::Relaxed) {
        let asked = Instant::now();
        let reply = client.get(&url).send().await.expect("an answer");
        let status = reply.status().as_u16();
        let body = reply.bytes().await.expect("a whole reply");
        assert!(asked.elapsed() < TELLS, "{status} after {:?}", asked.elapsed());
        match status {
            200 => {
                let body: Value = serde_json::from_slice(&body).expect("JSON");
                numbers
                    .lock()
                    .expect("no panic")
                    .push(body["count"].as_i64().expect("a number"));
            }
            503 => sleep(Duration::from_millis(20)).await,
            other => panic!("{other} is no answer of /counter"),
        }
    }
}

/// Calls what needs no database; every call must succeed.
async fn need_no_database(service: String, stop: Arc<AtomicBool>) -> usize {
    let client = client();
    let mut calls = 0;
    while !stop.load(Ordering::Relaxed) {
        for path in ["/ping", "/echo"] {
            let ended = get(&client, &format!("{service}{path}")).await;
            assert_eq!(ended.outcome, Outcome::Answered(200), "{path}");
            calls += 1;
        }
        sleep(Duration::from_millis(5)).await;
    }
    calls
}

/// How long until /counter answers with this status.
async fn until(client: &Client, url: &str, status: u16) -> Duration {
    let began = Instant::now();
    while get(client, url).await.outcome != Outcome::Answered(status) {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{url} never answers {status}"
        );
        sleep(Duration::from_millis(10)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_kills_of_the_database_lose_no_number_and_affect_no_other_endpoint() {
    let kills = amount("OBSERVER_ABUSE_KILLS", 20);
    let url = env::var("DATABASE_URL").expect("`make abuse` sets it");
    let mut server = postgres(&url).await;
    let migrated = Command::new(env!("CARGO_BIN_EXE_observer")).arg("migrate").status();
    assert!(migrated.expect("the binary runs").success());

    let database = format!("--database-url={url}");
    let mut services = [Service::start(&[&database]), Service::start(&[&database])];
    let mut before = Vec::new();
    for service in &services {
        until(&client(), &service.at("/counter"), 200).await;
        before.push(service.footprint().await);
    }
    let (numbers, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let (mut counting, mut others) = (JoinSet::new(), JoinSet::new());
    for service in &services {
        for _ in 0..4 {
            counting.spawn(count_on(
                service.at("/counter"),
                Arc::clone(&numbers),
                Arc::clone(&stop),
            ));
        }
        others.spawn(need_no_database(service.at(""), Arc::clone(&stop)));
    }

    let (mut slowest_to_tell, mut slowest_to_recover) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..kills {
        sleep(Duration::from_millis(300)).await;
        drop(server);
        for service in &services {
            slowest_to_tell = slowest_to_tell.max(until(&client(), &service.at("/counter"), 503).await);
        }
        server = postgres(&url).await;
        for service in &services {
            slowest_to_recover = slowest_to_recover.max(until(&client(), &service.at("/counter"), 200).await);
        }
    }
    stop.store(true, Ordering::Relaxed);
    counting.join_all().await;
    let calls: usize = others.join_all().await.into_iter().sum();

    let numbers = numbers.lock().expect("no panic").clone();
    let distinct: BTreeSet<i64> = numbers.iter().copied().collect();
    let highest = distinct.last().copied().expect("some were counted");
    println!(
        "  {kills} kills: {} numbers, told within {slowest_to_tell:?}, back within {slowest_to_recover:?}; {calls} calls elsewhere",
        numbers.len()
    );
    assert_eq!(distinct.len(), numbers.len(), "a number came twice");
    let pool = sqlx::PgPool::connect(&url).await.expect("the database");
    let stored: i64 = sqlx::query_scalar("SELECT value FROM counter")
        .fetch_one(&pool)
        .await
        .expect("the counter's row");
    assert!(stored >= highest, "{highest} was handed out, {stored} is stored");
    assert!(slowest_to_tell < TELLS, "{slowest_to_tell:?}");
    assert!(slowest_to_recover < RECOVERS, "{slowest_to_recover:?}");
    pool.close().await;
    for (service, before) in services.iter_mut().zip(before) {
        service.is_back_at(before).await;
    }
}
