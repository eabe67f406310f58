//! A load of its own, so that the proof does not depend on another: bounded in rate, in calls under way and in time.
//! Every call to `/counter` is written down.

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

/// Calls a second, to each instance. Each path is more than one in a hundred, so that an alert sees it fail.
const RATES: [(&str, u32); 3] = [("/echo", 20), ("/ping", 5), (COUNTER, 5)];

const COUNTER: &str = "/counter";

/// The most calls to one path of an instance under way. Beyond that the load is less, rather than more to come back to.
const MOST_UNDER_WAY: usize = 32;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest that it goes on, should nobody end it. Longer than any scenario takes.
const LONGEST: Duration = Duration::from_mins(20);

/// A load that runs. It ends with this.
#[derive(Debug)]
pub struct Load {
    sending: JoinSet<()>,
    client: Client,
    began: Instant,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Load {
    pub fn start() -> anyhow::Result<Self> {
        let mut load = Self {
            sending: JoinSet::new(),
            client: Client::builder().timeout(PATIENCE).no_proxy().build()?,
            began: Instant::now(),
            calls: Arc::default(),
        };
        for instance in Instance::BOTH {
            for (path, rate) in RATES {
                let sender = load.sender(instance, path);
                load.sending.spawn(async move {
                    // In time nobody ended it.
                    let _ = timeout(LONGEST, sender.send_endlessly(Duration::from_secs(1) / rate)).await;
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

    /// Ends the load, counts once more on each instance, and returns every call to the counter.
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
    async fn send_endlessly(self, pause: Duration) {
        let under_way = Arc::new(Semaphore::new(MOST_UNDER_WAY));
        let mut calls = JoinSet::new();
        let mut tick = interval(pause);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tick.tick().await;
            while calls.try_join_next().is_some() {}
            if let Ok(permit) = Arc::clone(&under_way).try_acquire_owned() {
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
