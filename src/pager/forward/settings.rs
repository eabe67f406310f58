//! Settings of the forwarding.

use std::{fmt, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum, builder::NonEmptyStringValueParser};
use humantime::parse_duration;
use reqwest::Url;
use tracing::warn;

/// Where PagerDuty takes events.
const PAGERDUTY_URL: &str = "https://events.pagerduty.com/v2/enqueue";

/// The webhook that pages are forwarded to. Its URL and its key are secrets: no error and no log line shows them.
#[derive(Args, Clone)]
#[command(next_help_heading = "Forwarding")]
pub struct ForwardSettings {
    /// Webhook that each page is forwarded to, when it fires and when it ends; without it nothing is forwarded. With the
    /// format pagerduty, PagerDuty's own is the default
    #[arg(long = "forward-url", env = "OBSERVER_PAGER_FORWARD_URL", hide_env_values = true, value_parser = webhook_url,
          value_name = "URL")]
    url: Option<Url>,

    /// Format of forwarded pages [default: json]
    #[arg(
        long = "forward-format",
        env = "OBSERVER_PAGER_FORWARD_FORMAT",
        value_enum,
        value_name = "FORMAT"
    )]
    format: Option<WebhookFormat>,

    /// Integration key of a PagerDuty service, for the format pagerduty
    #[arg(
        long = "forward-routing-key",
        env = "OBSERVER_PAGER_FORWARD_ROUTING_KEY",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new(),
        value_name = "KEY"
    )]
    routing_key: Option<String>,

    /// How long a page is sent again while the webhook fails; then it is given up, and the pager's page shows it
    #[arg(long = "forward-retry-for", env = "OBSERVER_PAGER_FORWARD_RETRY_FOR", default_value = "24h",
          value_parser = parse_duration, value_name = "DURATION")]
    retry_for: Duration,

    /// Proxy for requests to the webhook, by CONNECT; HTTP_PROXY and the like do not apply
    #[arg(long = "forward-proxy", env = "OBSERVER_PAGER_FORWARD_PROXY", hide_env_values = true, value_parser = proxy_url,
          value_name = "URL")]
    proxy: Option<Url>,

    /// File of certificate authorities to trust besides the system's, in PEM format
    #[arg(
        long = "forward-ca-file",
        env = "OBSERVER_PAGER_FORWARD_CA_FILE",
        value_name = "FILE"
    )]
    ca_file: Option<PathBuf>,

    /// Former name of --forward-url
    #[arg(long = "hand-on-url", env = "OBSERVER_PAGER_HAND_ON_URL", hide_env_values = true, hide = true,
          value_parser = webhook_url)]
    former_url: Option<Url>,

    /// Former name of --forward-format
    #[arg(
        long = "hand-on-format",
        env = "OBSERVER_PAGER_HAND_ON_FORMAT",
        value_enum,
        hide = true
    )]
    former_format: Option<WebhookFormat>,
}

impl fmt::Debug for ForwardSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForwardSettings")
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// The format of a forwarded page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WebhookFormat {
    /// The page's fields as JSON
    Json,
    /// A message for Slack's incoming webhooks and compatible ones
    Slack,
    /// An event of PagerDuty's Events API v2: trigger, and resolve with the same key
    Pagerduty,
}

/// A webhook to forward to.
#[derive(Clone)]
pub(crate) struct Webhook {
    pub url: Url,
    /// The URL's host, with its port: all that logs may name of it.
    pub host: String,
    pub format: WebhookFormat,
    /// Empty unless the format needs one.
    pub routing_key: String,
    pub retry_for: Duration,
    pub proxy: Option<Url>,
    pub ca_file: Option<PathBuf>,
}

impl ForwardSettings {
    /// Returns the webhook, if there is one to forward to.
    ///
    /// # Errors
    ///
    /// Returns what is missing.
    pub(crate) fn webhook(&self) -> Result<Option<Webhook>, &'static str> {
        let format = self.format.or(self.former_format).unwrap_or(WebhookFormat::Json);
        let url = self.url.as_ref().or(self.former_url.as_ref());
        if format == WebhookFormat::Pagerduty && self.routing_key.is_none() {
            return Err("--forward-format=pagerduty requires --forward-routing-key, a service's integration key");
        }
        let url = match (url, format) {
            (Some(url), _) => url.clone(),
            (None, WebhookFormat::Pagerduty) => Url::parse(PAGERDUTY_URL).expect("a URL"),
            (None, _) => return Ok(None),
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Some(Webhook {
            host: format!("{}{port}", url.host_str().unwrap_or_default()),
            url,
            format,
            routing_key: self.routing_key.clone().unwrap_or_default(),
            retry_for: self.retry_for,
            proxy: self.proxy.clone(),
            ca_file: self.ca_file.clone(),
        }))
    }

    /// Logs the settings that are used by a former name.
    pub(crate) fn log_former_names(&self) {
        let url = (
            self.former_url.is_some(),
            "--hand-on-url (OBSERVER_PAGER_HAND_ON_URL)",
            "--forward-url (OBSERVER_PAGER_FORWARD_URL)",
        );
        let format = (
            self.former_format.is_some(),
            "--hand-on-format (OBSERVER_PAGER_HAND_ON_FORMAT)",
            "--forward-format (OBSERVER_PAGER_FORWARD_FORMAT)",
        );
        for (is_used, former, name) in [url, format] {
            if is_used {
                warn!(former, name, "a setting is used by its former name, which still works");
            }
        }
    }
}

fn webhook_url(text: &str) -> Result<Url, String> {
    url(
        text,
        &["https", "http"],
        "expected a URL such as https://hooks.example.com/path",
    )
}

fn proxy_url(text: &str) -> Result<Url, String> {
    url(text, &["http"], "expected a URL such as http://proxy.example.com:3128")
}

/// Parses a URL. The error does not contain it.
fn url(text: &str, schemes: &[&str], expected: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{error}; {expected}"))?;
    if !schemes.contains(&url.scheme()) || !url.has_host() {
        return Err(expected.to_owned());
    }
    Ok(url)
}
