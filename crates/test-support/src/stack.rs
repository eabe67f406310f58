//! Where the parts of the stack are, and how they are asked.

use std::{
    env,
    time::{Duration, Instant},
};

use reqwest::Url;
use serde_json::Value;
use tokio::time::sleep;

/// How long what comes with time may take.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Every job that Prometheus scrapes but Grafana's, which a runtime may do without.
pub const JOBS: [&str; 5] = ["alertmanager", "app", "beta", "pager", "prometheus"];

/// What answers over HTTP: the parts of the stack, and the control listeners of the services.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    App,
    Beta,
    AppControl,
    BetaControl,
    Prometheus,
    Alertmanager,
    Pager,
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
        }
    }

    /// A URL of this part.
    pub fn url(self, path: &str, parameters: &[(&str, &str)]) -> Url {
        let variable = self.variable();
        let base = env::var(variable).unwrap_or_else(|_| {
            panic!("{variable} is not set: it says where the running stack is; `make verify` sets it")
        });
        Url::parse_with_params(&format!("{}{path}", base.trim_end_matches('/')), parameters)
            .unwrap_or_else(|error| panic!("{variable} is no URL ({error}): {base}"))
    }

    /// The body of the reply, which must be a success.
    pub async fn get(self, path: &str, parameters: &[(&str, &str)]) -> String {
        let url = self.url(path, parameters);
        let reply = reqwest::get(url.clone())
            .await
            .unwrap_or_else(|error| panic!("{self:?} does not answer: {error:?}"));
        let status = reply.status();
        let body = reply.text().await.expect("the reply's body");
        assert!(status.is_success(), "{url}\nanswers {status}: {body}");
        body
    }

    /// The reply as JSON.
    pub async fn json(self, path: &str, parameters: &[(&str, &str)]) -> Value {
        let body = self.get(path, parameters).await;
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{self:?} answers no JSON ({error}): {body}"))
    }
}

/// What Prometheus' API answers: the list in `field` of its data, or the data itself.
pub async fn prometheus(path: &str, parameters: &[(&str, &str)], field: Option<&str>) -> Vec<Value> {
    let reply = Part::Prometheus.json(&format!("/api/v1/{path}"), parameters).await;
    let list = field.map_or(&reply["data"], |field| &reply["data"][field]);
    list.as_array()
        .unwrap_or_else(|| panic!("{path}: no list: {reply}"))
        .clone()
}

/// The series that an expression has now.
pub async fn query(expr: &str) -> Vec<Value> {
    prometheus("query", &[("query", expr)], Some("result")).await
}

/// Waits until nothing is missing any more, and says how long that took; fails with what is missing when `patience` ends.
pub async fn until_nothing_is_missing(patience: Duration, what: &str, mut missing: impl AsyncFnMut() -> Vec<String>) {
    let started = Instant::now();
    loop {
        let still = missing().await;
        if still.is_empty() {
            println!("{what}: after {:.1} s", started.elapsed().as_secs_f64());
            return;
        }
        assert!(
            started.elapsed() < patience,
            "{what}: after {patience:?} not:\n{}",
            still.join("\n")
        );
        sleep(Duration::from_secs(1)).await;
    }
}
