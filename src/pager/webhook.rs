//! Forwarding of pages to the user's webhook.

use std::time::Duration;

use anyhow::Context;
use backon::{ExponentialBuilder, Retryable};
use http::header::CONTENT_TYPE;
use prometheus::{IntCounter, IntCounterVec, Opts, Registry};
use reqwest::{Client, Url};
use serde_json::json;
use tokio::{sync::mpsc, time::sleep};
use tracing::{error, warn};

use super::{
    page::{Change, Page},
    settings::{WebhookFormat, WebhookSettings},
};

/// The severity of forwarded pages: the one that wakes somebody.
const SEVERITY: &str = "page";

/// The most pages waiting to be forwarded.
const MAX_QUEUED: usize = 256;

/// Timeout for the webhook's response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The number of retries, after pauses of 1, 2, 4, 8 and 16 s. A page that is given up stays in the ledger.
const RETRIES: usize = 5;

/// Queue of pages to forward.
#[derive(Clone, Debug)]
pub struct Forwarder {
    queue: Option<mpsc::Sender<Change>>,
    outcomes: Outcomes,
}

#[derive(Clone, Debug)]
struct Outcomes {
    delivered: IntCounter,
    given_up: IntCounter,
}

impl Forwarder {
    /// Starts the forwarding task if a webhook is configured.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds its metric, or if the HTTP client cannot be created.
    pub fn start(settings: &WebhookSettings, registry: &Registry) -> anyhow::Result<Self> {
        let pages = IntCounterVec::new(
            Opts::new(
                "pager_pages_handed_on_total",
                "Pages forwarded to the user's webhook, by outcome.",
            ),
            &["outcome"],
        )?;
        registry.register(Box::new(pages.clone()))?;
        let outcomes = Outcomes {
            delivered: pages.with_label_values(&["delivered"]),
            given_up: pages.with_label_values(&["given_up"]),
        };
        let Some(url) = settings.url.clone() else {
            return Ok(Self { queue: None, outcomes });
        };
        let webhook = WebhookClient {
            client: Client::builder()
                .timeout(TIMEOUT)
                .build()
                .context("cannot create an HTTP client")?,
            url,
            format: settings.format,
        };
        let (queue, waiting) = mpsc::channel(MAX_QUEUED);
        tokio::spawn(forward_all(waiting, webhook, outcomes.clone()));
        Ok(Self {
            queue: Some(queue),
            outcomes,
        })
    }

    /// Queues a page for forwarding. Gives it up if the queue is full.
    pub fn enqueue(&self, change: Change) {
        let Some(queue) = &self.queue else {
            return;
        };
        if change.page().severity == SEVERITY && queue.try_send(change).is_err() {
            error!(
                waiting = MAX_QUEUED,
                "too many pages are waiting to be forwarded; this one is given up"
            );
            self.outcomes.given_up.inc();
        }
    }
}

async fn forward_all(mut waiting: mpsc::Receiver<Change>, webhook: WebhookClient, outcomes: Outcomes) {
    while let Some(change) = waiting.recv().await {
        let page = change.page();
        let tried = (|| webhook.post(&change))
            .retry(ExponentialBuilder::new().with_max_times(RETRIES))
            .sleep(sleep)
            .notify(
                |error, pause| warn!(name = page.alertname, %error, ?pause, "cannot forward the page; trying again"),
            )
            .await;
        match tried {
            Ok(()) => outcomes.delivered.inc(),
            Err(error) => {
                error!(name = page.alertname, %error, "the page is not forwarded; giving up");
                outcomes.given_up.inc();
            }
        }
    }
}

struct WebhookClient {
    client: Client,
    url: Url,
    format: WebhookFormat,
}

impl WebhookClient {
    async fn post(&self, change: &Change) -> reqwest::Result<()> {
        let message = match self.format {
            WebhookFormat::Json => json!({ "status": change.status(), "page": change.page() }),
            WebhookFormat::Slack => json!({ "text": slack_text(change) }),
        };
        self.client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(message.to_string())
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }
}

/// Formats the page as one line of Slack's markup.
fn slack_text(change: &Change) -> String {
    let Page {
        alertname,
        job,
        summary,
        runbook_url,
        ..
    } = change.page();
    let status = match change {
        Change::Fired(_) => ":red_circle: firing",
        Change::Resolved(_) => ":large_green_circle: resolved",
    };
    let job = if job.is_empty() {
        String::new()
    } else {
        format!(" ({job})")
    };
    let runbook = if runbook_url.is_empty() {
        String::new()
    } else {
        format!(" <{runbook_url}|runbook>")
    };
    format!("{status}: *{alertname}*{job}: {summary}{runbook}")
}
