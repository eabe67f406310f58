//! Health check of a URL, for images without a shell and for scripts.

use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use clap::Args;
use command_line::http_url;
use reqwest::{Client, Url};
use tokio::time::sleep;

/// Pause between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// Settings of `observer healthcheck`.
#[derive(Args, Debug)]
pub struct HealthcheckSettings {
    /// URL to request
    #[arg(long, env = "OBSERVER_HEALTHCHECK_URL", default_value = "http://127.0.0.1:8080/readyz", value_parser = http_url)]
    url: Url,

    /// How long to keep trying until the status is 2xx; 0s tries once
    #[arg(long, default_value = "0s", value_parser = humantime::parse_duration)]
    wait: Duration,

    /// Timeout of one request
    #[arg(long, default_value = "2s", value_parser = humantime::parse_duration)]
    timeout: Duration,
}

/// Requests the URL until the status is 2xx or the time is up.
///
/// # Errors
///
/// Returns the last failure once the time is up.
pub async fn run(settings: &HealthcheckSettings) -> anyhow::Result<()> {
    // A proxy of the environment would answer in place of what is checked.
    let client = Client::builder().timeout(settings.timeout).no_proxy().build()?;
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
            let status = response.status();
            ensure!(status.is_success(), "{} answered {status}", without_secrets(url));
            Ok(())
        }
        Err(error) if error.is_timeout() => bail!("{} did not answer in time", without_secrets(url)),
        Err(error) if error.is_connect() => bail!("{} refuses connections", without_secrets(url)),
        Err(error) => Err(error.without_url().into()),
    }
}

/// Returns the URL as a message may show it, without credentials and query.
fn without_secrets(url: &Url) -> Url {
    let mut url = url.clone();
    // It fails only for URLs without a host, which the setting refuses.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url
}
