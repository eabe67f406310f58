//! Forwarding of pages to the user's webhook, at least once.
//!
//! What is to be forwarded follows from the ledger, and so does what has been: a message without an outcome is sent again
//! after a restart. Each incident is forwarded by a task of its own, so that none waits for another's retries.

mod client;
mod failure;
mod json;
mod metrics;
mod pagerduty;
mod settings;
mod slack;
mod tls;

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use tokio::{
    sync::{Semaphore, mpsc::UnboundedReceiver},
    time::{Instant, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{error, info, warn};

use super::{
    forwarding::{Forwarded, Outcome},
    ledger::{Event, Ledger},
    outbox::Message,
    page::Change,
};
use client::WebhookClient;
use failure::Failure;
use settings::Webhook;

pub use metrics::ForwardMetrics;
pub use settings::{ForwardSettings, WebhookFormat};

/// The most requests to the webhook at a time.
const MAX_CONCURRENT: usize = 16;

/// Pause before the first retry. It doubles with each, with jitter.
const MIN_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two retries.
const MAX_PAUSE: Duration = Duration::from_mins(5);

/// The longest pause that a webhook can ask for by Retry-After.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// How long requests that are under way may take when the pager stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// Pause before an outcome that could not be written to the ledger is written again.
const LEDGER_PAUSE: Duration = Duration::from_secs(1);

/// Forwards messages to a webhook.
pub struct Forwarder {
    client: WebhookClient,
    webhook: Webhook,
    ledger: Ledger,
    metrics: ForwardMetrics,
    slots: Semaphore,
    stop: CancellationToken,
}

impl Forwarder {
    /// Creates a forwarder.
    ///
    /// # Errors
    ///
    /// Fails if no certificate can be loaded that the webhook's could be checked against.
    pub fn new(webhook: Webhook, ledger: Ledger, metrics: ForwardMetrics) -> anyhow::Result<Self> {
        Ok(Self {
            client: WebhookClient::new(&webhook)?,
            webhook,
            ledger,
            metrics,
            slots: Semaphore::new(MAX_CONCURRENT),
            stop: CancellationToken::new(),
        })
    }

    /// Forwards messages until `stop` resolves. What is under way then has a moment to end; the rest is sent after the
    /// next start.
    pub async fn run(self, mut messages: UnboundedReceiver<Message>, stop: CancellationToken) {
        let this = Arc::new(Self { stop, ..self });
        let tasks = TaskTracker::new();
        while let Some(Some(message)) = this.stop.run_until_cancelled(messages.recv()).await {
            let this = Arc::clone(&this);
            tasks.spawn(async move { this.forward(message).await });
        }
        tasks.close();
        if timeout(SHUTDOWN_TIMEOUT, tasks.wait()).await.is_err() {
            warn!("the webhook has not answered; its messages are sent again after the next start");
        }
    }

    /// Sends a message until it has an outcome, and writes that to the ledger.
    async fn forward(&self, message: Message) {
        let Some((outcome, attempts)) = self.send(&message).await else {
            return;
        };
        let event = Event::Forwarded(Forwarded {
            incident: message.change.page().id.clone(),
            status: message.change.status(),
            outcome,
            attempts,
        });
        while let Err(error) = self.ledger.write(event.clone()).await {
            error!(%error, "cannot record that a page was forwarded; trying again");
            if self.stop.run_until_cancelled(sleep(LEDGER_PAUSE)).await.is_none() {
                return;
            }
        }
        self.metrics.record(outcome);
    }

    /// Sends a message until it has an outcome. Returns `None` if the pager stops before.
    async fn send(&self, message: &Message) -> Option<(Outcome, u32)> {
        let (name, host) = (&message.change.page().alertname, &self.webhook.host);
        let deadline = Instant::now() + self.remaining(message.since);
        let mut pauses = ExponentialBuilder::new()
            .with_min_delay(MIN_PAUSE)
            .with_max_delay(MAX_PAUSE)
            .without_max_times()
            .with_jitter()
            .build();
        for attempts in 1.. {
            let answer = {
                let _slot = self.stop.run_until_cancelled(self.slots.acquire()).await?;
                // Made and boxed for each attempt: thousands of messages may wait between two.
                Box::pin(self.client.post(self.body(&message.change))).await
            };
            let failure = match answer {
                Ok(()) => {
                    info!(name, host, attempts, "the page is forwarded");
                    return Some((Outcome::Delivered, attempts));
                }
                Err(failure) => failure,
            };
            let (error, retry_after) = match failure {
                Failure::Final(error) => {
                    error!(name, host, error = %format_args!("{error:#}"), "the webhook refuses the page");
                    return Some((Outcome::Refused, attempts));
                }
                Failure::Transient { error, retry_after } => (error, retry_after.unwrap_or_default()),
            };
            let remaining = deadline.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                error!(name, host, attempts, error = %format_args!("{error:#}"), "the page is not forwarded; giving up");
                return Some((Outcome::GivenUp, attempts));
            }
            let pause = pauses.next().unwrap_or(MAX_PAUSE).max(retry_after.min(MAX_RETRY_AFTER));
            let pause = pause.min(remaining);
            warn!(name, host, error = %format_args!("{error:#}"), ?pause, "cannot forward the page; trying again");
            self.stop.run_until_cancelled(sleep(pause)).await?;
        }
        None
    }

    /// Returns how long a change of this time is still retried. The limit spans restarts, so it goes by dates.
    #[expect(clippy::disallowed_methods, reason = "the change has its date")]
    fn remaining(&self, since: Timestamp) -> Duration {
        let age = Duration::try_from(Timestamp::now().duration_since(since)).unwrap_or_default();
        self.webhook.retry_for.saturating_sub(age)
    }

    fn body(&self, change: &Change) -> Vec<u8> {
        let message = match &self.webhook.format {
            WebhookFormat::Json => json::message(change),
            WebhookFormat::Slack => slack::message(change),
            WebhookFormat::Pagerduty => pagerduty::event(change, &self.webhook.routing_key),
        };
        message.to_string().into_bytes()
    }
}
