//! The proof's own load, bounded in rate, in calls in flight and in time. It records every call to `/counter`.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Client, Url};
use serde_json::Value;
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use crate::{
    counter::{Answer, Call},
    fault::Instance,
};

/// Calls per second to each instance. Each path gets over 1 % of the calls, so that an alert notices its failures.
const RATES: [(&str, u32); 3] = [("/echo", 20), ("/ping", 5), (COUNTER, 5)];

const COUNTER: &str = "/counter";

/// Limit of calls in flight to one path of an instance. Above it, calls are dropped instead of queued.
const MAX_IN_FLIGHT: usize = 32;

/// Timeout of a call.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The load ends by itself after this. Longer than any scenario.
const MAX_DURATION: Duration = Duration::from_mins(20);

/// A running load. It ends when dropped.
#[derive(Debug)]
pub struct Load {
    sending: JoinSet<()>,
    client: Client,
    began: Instant,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Load {
    /// Starts sending to both instances.
    pub fn start() -> anyhow::Result<Self> {
        let mut load = Self {
            sending: JoinSet::new(),
            client: Client::builder().timeout(TIMEOUT).no_proxy().build()?,
            began: Instant::now(),
            calls: Arc::default(),
        };
        for instance in Instance::BOTH {
            for (path, rate) in RATES {
                let sender = load.sender(instance, path);
                load.sending.spawn(async move {
                    // The timeout is the expected end of an endless loop.
                    let _ = timeout(MAX_DURATION, sender.send_until_dropped(Duration::from_secs(1) / rate)).await;
                });
            }
        }
        Ok(load)
    }

    fn sender(&self, instance: Instance, path: &'static str) -> Sender {
        Sender {
            instance,
            client: self.client.clone(),
            url: instance.part().url(path, &[]),
            began: self.began,
            calls: (path == COUNTER).then(|| Arc::clone(&self.calls)),
        }
    }

    /// Stops the load, calls the counter of each instance once more, and returns all calls to it.
    pub async fn end(mut self) -> Vec<Call> {
        self.sending.shutdown().await;
        for instance in Instance::BOTH {
            self.sender(instance, COUNTER).call().await;
        }
        std::mem::take(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Calls one path of one instance.
#[derive(Clone, Debug)]
struct Sender {
    instance: Instance,
    client: Client,
    url: Url,
    began: Instant,
    calls: Option<Arc<Mutex<Vec<Call>>>>,
}

impl Sender {
    async fn send_until_dropped(self, pause: Duration) {
        let in_flight = Arc::new(Semaphore::new(MAX_IN_FLIGHT));
        let mut calls = JoinSet::new();
        let mut tick = interval(pause);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tick.tick().await;
            while calls.try_join_next().is_some() {}
            if let Ok(permit) = Arc::clone(&in_flight).try_acquire_owned() {
                let sender = self.clone();
                calls.spawn(async move {
                    sender.call().await;
                    drop(permit);
                });
            }
        }
    }

    async fn call(&self) {
        let sent = self.began.elapsed();
        let answer = self.answer().await;
        if let Some(calls) = &self.calls {
            calls.lock().unwrap_or_else(PoisonError::into_inner).push(Call {
                instance: self.instance,
                sent,
                ended: self.began.elapsed(),
                answer,
            });
        }
    }

    async fn answer(&self) -> Answer {
        let Ok(answer) = self.client.get(self.url.clone()).send().await else {
            return Answer::Nothing;
        };
        let status = answer.status();
        let Ok(text) = answer.text().await else {
            return Answer::Nothing;
        };
        let number = serde_json::from_str::<Value>(&text)
            .ok()
            .and_then(|body| body["count"].as_i64());
        match number {
            Some(number) if status.is_success() => Answer::Number(number),
            _ => Answer::Refused(status.as_u16()),
        }
    }
}
