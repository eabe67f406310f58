//! Hands pages on to a webhook of the user's.

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

/// What is handed on: what wakes somebody up.
const SEVERITY: &str = "page";

/// The most pages that wait to be handed on.
const MAX_QUEUED: usize = 256;

/// How long the webhook may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often a page is tried again, with pauses of 1, 2, 4, 8 and 16 s. The page stays on the board and in the ledger.
const RETRIES: usize = 5;

/// The way to the user's webhook.
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
    /// Starts to hand on, if the settings say where to.
    ///
    /// # Errors
    ///
    /// Fails if the registry already holds its metric, or if no HTTP client can be made.
    pub fn start(settings: &WebhookSettings, registry: &Registry) -> anyhow::Result<Self> {
        let pages = IntCounterVec::new(
            Opts::new(
                "pager_pages_handed_on_total",
                "Pages handed on to the user's webhook, by how that went.",
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
                .context("cannot make an HTTP client")?,
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

    /// Hands a page on, in its turn.
    pub fn enqueue(&self, change: Change) {
        let Some(queue) = &self.queue else {
            return;
        };
        if change.page().severity == SEVERITY && queue.try_send(change).is_err() {
            error!(
                waiting = MAX_QUEUED,
                "too many pages wait to be handed on; this one is not"
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
            .notify(|error, pause| warn!(name = page.alertname, %error, ?pause, "not handed on; trying again"))
            .await;
        match tried {
            Ok(()) => outcomes.delivered.inc(),
            Err(error) => {
                error!(name = page.alertname, %error, "given up to hand the page on");
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
            WebhookFormat::Slack => json!({ "text": text(change) }),
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

/// The page in one line of Slack's markup.
fn text(change: &Change) -> String {
    let Page {
        alertname,
        job,
        summary,
        runbook_url,
        ..
    } = change.page();
    let sign = match change {
        Change::Fired(_) => ":red_circle: firing",
        Change::Resolved(_) => ":large_green_circle: resolved",
    };
    let about = if job.is_empty() {
        String::new()
    } else {
        format!(" ({job})")
    };
    let runbook = if runbook_url.is_empty() {
        String::new()
    } else {
        format!(" <{runbook_url}|runbook>")
    };
    format!("{sign}: *{alertname}*{about}: {summary}{runbook}")
}
