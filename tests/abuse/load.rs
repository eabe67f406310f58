//! Requests at a constant rate, whatever becomes of those before, and what became of each.

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::Value;
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A whole reply of this status came.
    Answered(u16),
    /// A whole reply came, of an error that says of itself that it was injected.
    Injected,
    /// Nobody took the connection.
    Refused,
    /// The connection was taken, but no whole reply came.
    Cut,
}

/// A request's end.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub outcome: Outcome,
    pub duration: Duration,
}

/// A client that keeps connections for its next requests, as most do.
pub fn client() -> Client {
    Client::builder()
        .timeout(Duration::from_secs(20))
        .build()
        .expect("a client")
}

/// One GET.
pub async fn get(client: &Client, url: &str) -> Ended {
    let sent = Instant::now();
    let outcome = match client.get(url).send().await {
        Err(error) if error.is_connect() => Outcome::Refused,
        Err(_) => Outcome::Cut,
        Ok(reply) => {
            let status = reply.status().as_u16();
            match reply.bytes().await {
                Err(_) => Outcome::Cut,
                Ok(body) if is_injected(&body) => Outcome::Injected,
                Ok(_) => Outcome::Answered(status),
            }
        }
    };
    Ended {
        outcome,
        duration: sent.elapsed(),
    }
}

/// Whether this is the problem document of an injected error.
fn is_injected(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|problem| problem["injected"] == true)
}

/// GETs at `rate` a second for as long as `lasting` runs; returns what it gave, and what became of each request.
pub async fn during<T>(url: &str, rate: u32, lasting: impl Future<Output = T>) -> (T, Vec<Ended>) {
    let client = client();
    let mut running = JoinSet::new();
    let mut tick = interval(Duration::from_secs(1) / rate);
    // A machine that was busy catches up: the rate is what counts.
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut lasting = std::pin::pin!(lasting);
    let given = loop {
        tokio::select! {
            given = &mut lasting => break given,
            _ = tick.tick() => {
                let (client, url) = (client.clone(), url.to_owned());
                running.spawn(async move { get(&client, &url).await });
            }
        }
    };
    (given, running.join_all().await)
}

/// The duration below which this share of the requests lies.
pub fn quantile(share: f64, requests: impl IntoIterator<Item = Ended>) -> Duration {
    let mut durations: Vec<_> = requests.into_iter().map(|ended| ended.duration).collect();
    durations.sort_unstable();
    assert!(!durations.is_empty(), "no request to take a quantile of");
    let last = durations.len() - 1;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of an index is one"
    )]
    let index = (share * last as f64).round() as usize;
    durations[index]
}

/// How many had this outcome.
pub fn count(requests: &[Ended], outcome: Outcome) -> usize {
    requests.iter().filter(|ended| ended.outcome == outcome).count()
}
