//! Client of a running stack: where its parts are, and how to query them.

use std::{
    env,
    time::{Duration, Instant},
};

use reqwest::{StatusCode, Url};
use serde_json::Value;
use tokio::time::sleep;

/// Time limit for a state that takes a while, such as a first scrape.
pub const TIME_LIMIT: Duration = Duration::from_mins(5);

/// Every job that Prometheus scrapes, except Grafana's, which a runtime may lack.
pub const JOBS: [&str; 5] = ["alertmanager", "app", "beta", "pager", "prometheus"];

/// HTTP endpoints of the stack: its parts, and the control listeners of the services.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    App,
    Beta,
    AppControl,
    BetaControl,
    Prometheus,
    Alertmanager,
    Pager,
    Console,
}

impl Part {
    const fn variable(self) -> &'static str {
        match self {
            Self::App => "OBSERVER_APP_URL",
            Self::Beta => "OBSERVER_BETA_URL",
            Self::AppControl => "OBSERVER_APP_CONTROL_URL",
            Self::BetaControl => "OBSERVER_BETA_CONTROL_URL",
            Self::Prometheus => "OBSERVER_PROMETHEUS_URL",
            Self::Alertmanager => "OBSERVER_ALERTMANAGER_URL",
            Self::Pager => "OBSERVER_PAGER_URL",
            Self::Console => "OBSERVER_CONSOLE_URL",
        }
    }

    /// Returns a URL of this part.
    pub fn url(self, path: &str, parameters: &[(&str, &str)]) -> Url {
        let variable = self.variable();
        let base = env::var(variable).unwrap_or_else(|_| {
            panic!("{variable} is not set: it is the URL of the running stack; `make verify` sets it")
        });
        Url::parse_with_params(&format!("{}{path}", base.trim_end_matches('/')), parameters)
            .unwrap_or_else(|error| panic!("{variable} is not a URL ({error}): {base}"))
    }

    /// Sends a GET request and returns the body of a successful reply.
    pub async fn get(self, path: &str, parameters: &[(&str, &str)]) -> String {
        let (url, status, body) = self.ask(path, parameters).await;
        assert!(status.is_success(), "{url}\nanswers {status}: {body}");
        body
    }

    /// As [`Part::get`], but as long as the part answers with 503, as it may right after a start, asks it again.
    pub async fn get_when_ready(self, path: &str) -> String {
        let started = Instant::now();
        loop {
            let (url, status, body) = self.ask(path, &[]).await;
            if status.is_success() {
                return body;
            }
            assert!(
                status == StatusCode::SERVICE_UNAVAILABLE && started.elapsed() < TIME_LIMIT,
                "{url}\nanswers {status}: {body}"
            );
            sleep(Duration::from_secs(1)).await;
        }
    }

    async fn ask(self, path: &str, parameters: &[(&str, &str)]) -> (Url, StatusCode, String) {
        let url = self.url(path, parameters);
        let reply = reqwest::get(url.clone())
            .await
            .unwrap_or_else(|error| panic!("{self:?} does not answer: {error:?}"));
        let status = reply.status();
        let body = reply.text().await.expect("the reply's body");
        (url, status, body)
    }

    /// Sends a GET request and returns the reply as JSON.
    pub async fn json(self, path: &str, parameters: &[(&str, &str)]) -> Value {
        let body = self.get(path, parameters).await;
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{self:?} does not answer JSON ({error}): {body}"))
    }
}

/// Queries Prometheus' API. Returns the list in `field` of the reply's data, or the data itself.
pub async fn prometheus(path: &str, parameters: &[(&str, &str)], field: Option<&str>) -> Vec<Value> {
    let reply = Part::Prometheus.json(&format!("/api/v1/{path}"), parameters).await;
    let list = field.map_or(&reply["data"], |field| &reply["data"][field]);
    list.as_array()
        .unwrap_or_else(|| panic!("{path}: not a list: {reply}"))
        .clone()
}

/// Returns the current series of an expression.
pub async fn query(expr: &str) -> Vec<Value> {
    prometheus("query", &[("query", expr)], Some("result")).await
}

/// Polls until `missing` returns nothing, and prints how long that took. Panics with what is missing after `limit`.
pub async fn wait_until_complete(limit: Duration, what: &str, mut missing: impl AsyncFnMut() -> Vec<String>) {
    let started = Instant::now();
    loop {
        let still = missing().await;
        if still.is_empty() {
            println!("{what}: after {:.1} s", started.elapsed().as_secs_f64());
            return;
        }
        assert!(
            started.elapsed() < limit,
            "{what}: still missing after {limit:?}:\n{}",
            still.join("\n")
        );
        sleep(Duration::from_secs(1)).await;
    }
}
