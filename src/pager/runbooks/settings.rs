//! Settings of the runbooks.

use clap::Args;
use reqwest::Url;

/// Settings of the runbooks.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Runbooks")]
pub struct RunbookSettings {
    /// URL of Prometheus, as a browser reaches it: the queries of the runbooks link there
    #[arg(long, env = "OBSERVER_PROMETHEUS_URL", default_value = "http://127.0.0.1:9090", value_parser = link_url,
          value_name = "URL")]
    pub prometheus_url: Url,

    /// URL of the runbooks, as a browser reaches it: the dashboards link there, and MonitoringDown, which no rule raises
    #[arg(long, env = "OBSERVER_RUNBOOKS_URL", default_value = "http://127.0.0.1:8090/runbooks", value_parser = link_url,
          value_name = "URL")]
    pub runbooks_url: Url,
}

impl RunbookSettings {
    /// Returns the URL of the runbooks, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.runbooks_url.as_str().trim_end_matches('/')
    }

    /// Returns the URL of an alert's runbook.
    pub fn url_of(&self, alertname: &str) -> String {
        format!("{}/{alertname}", self.base_url())
    }
}

/// Parses a URL that is only linked to, so it may be `https://`.
fn link_url(text: &str) -> Result<Url, String> {
    const EXPECTED: &str = "expected a URL such as http://127.0.0.1:9090";
    let url = Url::parse(text).map_err(|error| format!("{error}; {EXPECTED}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "{EXPECTED}: http:// or https://, without a query or a fragment"
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_http_or_https() {
        for right in ["http://127.0.0.1:9090", "https://prometheus.example.com/prefix/"] {
            assert!(link_url(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "prometheus:9090",
            "javascript:alert(1)",
            "http://a/?b",
            "http://a/#b",
            "ftp://a",
        ] {
            let message = link_url(wrong).expect_err(wrong);
            assert!(message.contains("expected a URL"), "{wrong}: {message}");
        }
    }
}
