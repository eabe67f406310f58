//! A part of the stack that the console asks.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::{StatusCode, header};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, Response, Url};
use serde::Deserialize;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{info, warn};

use crate::problem::Problem;

/// Timeout of a request, the body included.
const TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How often each part's health is checked: so exact is since when it is away.
const CHECK_INTERVAL: Duration = Duration::from_secs(3);
/// Timeout of a check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// Returns the client of all parts. A proxy of the environment is not for addresses inside the stack.
pub fn client() -> reqwest::Result<Client> {
    Client::builder()
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .build()
}

/// A part of the stack, and the outcome of its last health check.
#[derive(Debug)]
pub struct Upstream {
    name: &'static str,
    base: Url,
    health: &'static [&'static str],
    client: Client,
    /// `None` before the first check.
    last_check: Mutex<Option<Result<(), Problem>>>,
}

impl Upstream {
    /// `health` is the path of its health check.
    pub const fn new(name: &'static str, base: Url, health: &'static [&'static str], client: Client) -> Self {
        Self {
            name,
            base,
            health,
            client,
            last_check: Mutex::new(None),
        }
    }

    /// Checks its health periodically, so that it is known since when it is away though no page has asked it.
    pub async fn watch(self: Arc<Self>) {
        let mut ticks = interval(CHECK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // Its outcome is kept and logged.
            let _ = self.check().await;
        }
    }

    /// Returns the outcome of the last health check, `None` before the first.
    pub fn last_check(&self) -> Option<Result<(), Problem>> {
        self.lock().clone()
    }

    /// Checks its health. Only this decides whether the part is away: it may answer some requests, and not others.
    async fn check(&self) -> Result<(), Problem> {
        let request = self.client.get(self.url(self.health, None)).timeout(CHECK_TIMEOUT);
        let outcome = match request.send().await {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(answered(self.name, response.status())),
            Err(error) => Err(describe(self.name, &error)),
        };
        self.record(outcome)
    }

    #[expect(clippy::disallowed_methods, reason = "a date, for people")]
    fn record(&self, outcome: Result<(), String>) -> Result<(), Problem> {
        let mut last = self.lock();
        let since = last.as_ref().and_then(|last| last.as_ref().err()?.since);
        let outcome = match outcome {
            Ok(()) => {
                if since.is_some() {
                    info!(part = self.name, "answers again");
                }
                Ok(())
            }
            Err(detail) => {
                let since = since.unwrap_or_else(|| {
                    let now = Timestamp::now();
                    warn!(part = self.name, detail, "does not answer");
                    now
                });
                Err(Problem::away(self.name, Some(since), detail))
            }
        };
        *last = Some(outcome.clone());
        outcome
    }

    /// Sends a GET request. Statuses are the caller's to judge.
    pub async fn get(&self, segments: &[&str], query: Option<&str>) -> Result<Response, Problem> {
        let url = self.url(segments, query);
        self.send(self.client.get(url)).await
    }

    /// Sends a POST request with a JSON body.
    pub async fn post(&self, segments: &[&str], body: String) -> Result<Response, Problem> {
        let request = self.client.post(self.url(segments, None));
        self.send(request.header("content-type", "application/json").body(body))
            .await
    }

    /// Sends a DELETE request.
    pub async fn delete(&self, segments: &[&str]) -> Result<Response, Problem> {
        self.send(self.client.delete(self.url(segments, None))).await
    }

    /// Each segment is escaped: what a client sends cannot lead to another path.
    fn url(&self, segments: &[&str], query: Option<&str>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url.set_query(query);
        url
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Problem> {
        match request.send().await {
            Ok(response)
                if matches!(
                    response.status(),
                    StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE
                ) =>
            {
                self.refused(response).await
            }
            Ok(response) => Ok(response),
            // Of a part that is healthy, the one request takes too long.
            Err(error) if error.is_timeout() && !error.is_connect() && !self.is_known_away() => {
                Err(Problem::new(StatusCode::GATEWAY_TIMEOUT, describe(self.name, &error)))
            }
            Err(error) => Err(self.failed(describe(self.name, &error)).await),
        }
    }

    /// What a 502 or 503 means: Prometheus itself answers so, for example, when a query takes too long. Without its error
    /// type, the part does not serve.
    async fn refused(&self, response: Response) -> Result<Response, Problem> {
        let status = response.status();
        let body = response.bytes().await.unwrap_or_default();
        if serde_json::from_slice::<PrometheusError>(&body).is_err() {
            return Err(self.failed(answered(self.name, status)).await);
        }
        let response = axum::http::Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        Ok(response.expect("a status and a header").into())
    }

    /// Since when the part is away, the health check says. Of a healthy one, the request alone failed.
    async fn failed(&self, detail: String) -> Problem {
        match self.check().await {
            Ok(()) => Problem::away(self.name, None, detail),
            Err(problem) => problem,
        }
    }

    fn is_known_away(&self) -> bool {
        matches!(*self.lock(), Some(Err(_)))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Result<(), Problem>>> {
        self.last_check.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Body of an error in Prometheus' words.
#[derive(Deserialize)]
struct PrometheusError {
    #[serde(rename = "errorType")]
    _error_type: String,
}

fn answered(name: &str, status: StatusCode) -> String {
    format!("{name} answers {status}.")
}

fn describe(name: &str, error: &reqwest::Error) -> String {
    if error.is_timeout() {
        format!("{name} does not answer in time.")
    } else if error.is_connect() {
        format!("{name} refuses connections.")
    } else {
        format!("{name} breaks off the connection.")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_healthy_part_is_not_away_because_one_request_takes_too_long() {
        // It accepts connections and never answers.
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let client = Client::builder()
            .no_proxy()
            .timeout(Duration::from_millis(100))
            .build()
            .expect("a client");
        let base = format!("http://{address}").parse().expect("a URL");
        let part = Upstream::new("Prometheus", base, &["-", "ready"], client);

        let outcome = async || {
            let problem = part.get(&["query"], None).await.expect_err("no answer");
            let body = serde_json::to_value(&problem).expect("JSON");
            (body["status"].clone(), body["part"].clone())
        };
        assert_eq!(outcome().await, (504.into(), Value::Null));
        part.check().await.expect_err("no answer");
        assert_eq!(outcome().await, (502.into(), "Prometheus".into()));
    }
}
