//! A part of the stack that the console asks.

use std::{
    sync::{Arc, Mutex, PoisonError},
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

/// How often each part is asked whether it is healthy: so exact is since when it is away.
const CHECK_INTERVAL: Duration = Duration::from_secs(3);
/// Timeout of that question.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// Returns the client of all parts. A proxy of the environment is not for addresses inside the stack.
pub fn client() -> reqwest::Result<Client> {
    Client::builder()
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .build()
}

/// A part of the stack, and since when it has not answered.
#[derive(Debug)]
pub struct Upstream {
    name: &'static str,
    base: Url,
    health: &'static [&'static str],
    client: Client,
    away_since: Mutex<Option<Timestamp>>,
}

impl Upstream {
    /// `health` is the path of its health check.
    pub const fn new(name: &'static str, base: Url, health: &'static [&'static str], client: Client) -> Self {
        Self {
            name,
            base,
            health,
            client,
            away_since: Mutex::new(None),
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

    /// Checks its health.
    pub async fn check(&self) -> Result<(), Problem> {
        let request = self.client.get(self.url(self.health, None)).timeout(CHECK_TIMEOUT);
        match request.send().await {
            Ok(response) if response.status().is_success() => {
                self.answers();
                Ok(())
            }
            Ok(response) => Err(self.is_away(answered(self.name, response.status()))),
            Err(error) => Err(self.is_away(describe(self.name, &error))),
        }
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
            Ok(response) => {
                self.answers();
                Ok(response)
            }
            // Of a part that is healthy, the one request takes too long.
            Err(error) if error.is_timeout() && !error.is_connect() && !self.is_known_away() => {
                Err(Problem::new(StatusCode::GATEWAY_TIMEOUT, describe(self.name, &error)))
            }
            Err(error) => Err(self.is_away(describe(self.name, &error))),
        }
    }

    /// What a 502 or 503 means: Prometheus itself answers so, for example, when a query takes too long. Without its error
    /// type, the part does not serve.
    async fn refused(&self, response: Response) -> Result<Response, Problem> {
        let status = response.status();
        let body = response.bytes().await.unwrap_or_default();
        if serde_json::from_slice::<PrometheusError>(&body).is_err() {
            return Err(self.is_away(answered(self.name, status)));
        }
        self.answers();
        let response = axum::http::Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        Ok(response.expect("a status and a header").into())
    }

    fn answers(&self) {
        if self.lock().take().is_some() {
            info!(part = self.name, "answers again");
        }
    }

    fn is_known_away(&self) -> bool {
        self.lock().is_some()
    }

    #[expect(clippy::disallowed_methods, reason = "a date, for people")]
    fn is_away(&self, detail: String) -> Problem {
        let mut away_since = self.lock();
        let since = *away_since.get_or_insert_with(|| {
            let now = Timestamp::now();
            warn!(part = self.name, detail, "does not answer");
            now
        });
        Problem::away(self.name, since, detail)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Timestamp>> {
        self.away_since.lock().unwrap_or_else(PoisonError::into_inner)
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
