//! The peer caller: sends GET /ping to the other instance, indefinitely.

mod metrics;

use std::time::{Duration, Instant};

use anyhow::Context;
use backon::{BackoffBuilder, ExponentialBuilder};
use clap::Args;
use command_line::http_url;
use http::StatusCode;
use reqwest::{Client, Url};
use tokio::time::sleep;
use tracing::{debug, info, warn};

pub use metrics::HttpClientMetrics;
use metrics::PeerMetrics;

use crate::{settings::name, web::request_id};

/// The path that is called.
const PATH: &str = "/ping";

/// The longest pause between calls while the peer is unreachable. Jitter at most doubles it.
const MAX_BACKOFF: Duration = Duration::from_secs(2);

/// Settings of the peer caller.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Peer")]
pub struct PeerSettings {
    /// URL of the peer; without it no calls are made
    #[arg(long, env = "OBSERVER_PEER_URL", value_parser = http_url, value_name = "URL")]
    pub peer_url: Option<Url>,

    /// The peer's name in the metrics
    #[arg(long, env = "OBSERVER_PEER_NAME", value_parser = name, default_value = "peer", value_name = "NAME")]
    pub peer_name: String,

    /// Pause between two calls
    #[arg(long, env = "OBSERVER_PEER_PAUSE", default_value = "100ms", value_parser = humantime::parse_duration,
          value_name = "DURATION")]
    pub peer_pause: Duration,

    /// Timeout of a call
    #[arg(long, env = "OBSERVER_PEER_TIMEOUT", default_value = "2s", value_parser = humantime::parse_duration,
          value_name = "DURATION")]
    pub peer_timeout: Duration,
}

/// The peer to call.
#[derive(Debug)]
pub struct Peer {
    client: Client,
    url: Url,
    pause: Duration,
    metrics: PeerMetrics,
}

impl Peer {
    /// Creates the configured peer, or returns `None` if there is none.
    ///
    /// # Errors
    ///
    /// Fails if the HTTP client cannot be created.
    pub fn from_settings(settings: &PeerSettings, metrics: &HttpClientMetrics) -> anyhow::Result<Option<Self>> {
        let expected = [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR];
        // The series exist even without a peer, so that a dashboard shows 0 calls.
        let metrics = metrics.peer(&settings.peer_name, PATH, &expected);
        let Some(url) = &settings.peer_url else {
            return Ok(None);
        };
        Ok(Some(Self {
            client: Client::builder()
                .timeout(settings.peer_timeout)
                .no_proxy()
                .build()
                .context("cannot create an HTTP client")?,
            url: url.join(PATH).context("cannot build the URL of the peer's /ping")?,
            pause: settings.peer_pause,
            metrics,
        }))
    }

    /// Calls the peer indefinitely. Backs off exponentially while it does not respond.
    pub async fn run(self) {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(self.pause.max(Duration::from_millis(10)))
            .with_max_delay(MAX_BACKOFF)
            .with_jitter()
            .without_max_times();
        loop {
            self.call_until_unreachable().await;
            for pause in backoff.build() {
                sleep(pause).await;
                if self.call().await {
                    info!(url = self.url.origin().ascii_serialization(), "the peer responds again");
                    break;
                }
            }
        }
    }

    async fn call_until_unreachable(&self) {
        while self.call().await {
            sleep(self.pause).await;
        }
        warn!(
            url = self.url.origin().ascii_serialization(),
            "the peer does not respond; backing off"
        );
    }

    /// Calls once. Returns whether a response came, whatever its status.
    async fn call(&self) -> bool {
        let request_id = request_id::random_id();
        let sent = Instant::now();
        let status = self.send(&request_id).await;
        let duration = self.metrics.record(sent, status.as_ref().ok().copied());
        match status {
            Ok(status) => {
                debug!(request_id, status = status.as_u16(), ?duration, "called the peer");
                true
            }
            Err(error) => {
                debug!(request_id, %error, ?duration, "the peer did not respond");
                false
            }
        }
    }

    async fn send(&self, request_id: &str) -> reqwest::Result<StatusCode> {
        let response = self
            .client
            .get(self.url.clone())
            .header(&request_id::HEADER, request_id)
            .send()
            .await?;
        let status = response.status();
        response.bytes().await?;
        Ok(status)
    }
}
