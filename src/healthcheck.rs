//! Asks a URL whether it answers: for health checks in images without a shell, and for scripts.

use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use clap::Args;
use reqwest::{Client, Url};
use tokio::time::sleep;

use crate::settings::http_url;

/// The pause between two tries while waiting.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// What to ask, and for how long.
#[derive(Args, Debug)]
pub struct HealthcheckSettings {
    /// The URL to ask
    #[arg(long, env = "OBSERVER_HEALTHCHECK_URL", default_value = "http://127.0.0.1:8080/readyz", value_parser = http_url)]
    url: Url,

    /// How long to wait for the answer to become a good one; 0s asks once
    #[arg(long, default_value = "0s", value_parser = humantime::parse_duration)]
    wait: Duration,

    /// How long one answer may take
    #[arg(long, default_value = "2s", value_parser = humantime::parse_duration)]
    timeout: Duration,
}

/// Asks until the answer's status is 2xx or the time is over.
///
/// # Errors
///
/// Returns the last failure once the time is over.
pub async fn run(settings: &HealthcheckSettings) -> anyhow::Result<()> {
    let client = Client::builder().timeout(settings.timeout).build()?;
    let started = Instant::now();
    loop {
        match probe(&client, &settings.url).await {
            Ok(()) => return Ok(()),
            Err(error) if started.elapsed() >= settings.wait => return Err(error),
            Err(_) => sleep(RETRY_INTERVAL).await,
        }
    }
}

async fn probe(client: &Client, url: &Url) -> anyhow::Result<()> {
    match client.get(url.clone()).send().await {
        Ok(response) => {
            ensure!(response.status().is_success(), "{url} answered {}", response.status());
            Ok(())
        }
        Err(error) if error.is_timeout() => bail!("{url} did not answer in time"),
        Err(error) if error.is_connect() => bail!("{url} refuses connections"),
        Err(error) => Err(error.into()),
    }
}
