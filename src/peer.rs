//! The endless calls to the other instance: each call is a GET of its /ping.

mod metrics;

use std::time::{Duration, Instant};

use anyhow::Context;
use backon::{BackoffBuilder, ExponentialBuilder};
use clap::Args;
use http::StatusCode;
use reqwest::{Client, Url};
use tokio::time::sleep;
use tracing::{debug, info, warn};

pub use metrics::HttpClientMetrics;
use metrics::PeerMetrics;

use crate::{
    settings::{http_url, name},
    web::request_id,
};

/// What is called.
const PATH: &str = "/ping";

/// The longest pause between two calls while the peer is away, before jitter doubles it at the most.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Whom to call, and how.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Peer")]
pub struct PeerSettings {
    /// Where the peer is; without it nothing is called
    #[arg(long, env = "OBSERVER_PEER_URL", value_parser = http_url, value_name = "URL")]
    pub peer_url: Option<Url>,

    /// The peer's name in the metrics
    #[arg(long, env = "OBSERVER_PEER_NAME", value_parser = name, default_value = "peer", value_name = "NAME")]
    pub peer_name: String,

    /// The pause between two calls
    #[arg(long, env = "OBSERVER_PEER_PAUSE", default_value = "100ms", value_parser = humantime::parse_duration,
          value_name = "DURATION")]
    pub peer_pause: Duration,

    /// How long a call may take
    #[arg(long, env = "OBSERVER_PEER_TIMEOUT", default_value = "2s", value_parser = humantime::parse_duration,
          value_name = "DURATION")]
    pub peer_timeout: Duration,
}

/// A peer that is to be called.
#[derive(Debug)]
pub struct Peer {
    client: Client,
    url: Url,
    pause: Duration,
    metrics: PeerMetrics,
}

impl Peer {
    /// The peer that the settings name, or `None` if they name none.
    ///
    /// # Errors
    ///
    /// Fails if the HTTP client cannot be made.
    pub fn from_settings(settings: &PeerSettings, metrics: &HttpClientMetrics) -> anyhow::Result<Option<Self>> {
        let expected = [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR];
        // The series exist even where no peer is set: a dashboard then shows 0 calls.
        let metrics = metrics.peer(&settings.peer_name, PATH, &expected);
        let Some(url) = &settings.peer_url else {
            return Ok(None);
        };
        Ok(Some(Self {
            client: Client::builder()
                .timeout(settings.peer_timeout)
                .no_proxy()
                .build()
                .context("cannot make an HTTP client")?,
            url: url.join(PATH).context("cannot make the URL of the peer's /ping")?,
            pause: settings.peer_pause,
            metrics,
        }))
    }

    /// Calls the peer for ever. While it gives no answer the pauses grow; the first answer brings them back.
    pub async fn call_endlessly(self) {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(self.pause.max(Duration::from_millis(10)))
            .with_max_delay(LONGEST_PAUSE)
            .with_jitter()
            .without_max_times();
        loop {
            self.call_while_it_answers().await;
            for pause in backoff.build() {
                sleep(pause).await;
                if self.call().await {
                    info!(url = %self.url, "the peer answers again");
                    break;
                }
            }
        }
    }

    async fn call_while_it_answers(&self) {
        while self.call().await {
            sleep(self.pause).await;
        }
        warn!(url = %self.url, "the peer does not answer; calling on with growing pauses");
    }

    /// Calls once and says whether an answer came: a failure that the peer reports is an answer too.
    async fn call(&self) -> bool {
        let request_id = request_id::random_id();
        let sent = Instant::now();
        let answer = self.send(&request_id).await;
        let duration = self.metrics.record(sent, answer.as_ref().ok().copied());
        match answer {
            Ok(status) => {
                debug!(request_id, status = status.as_u16(), ?duration, "called the peer");
                true
            }
            Err(error) => {
                debug!(request_id, %error, ?duration, "the peer gave no answer");
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
