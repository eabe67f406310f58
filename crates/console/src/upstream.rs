//! A part of the stack that the console asks.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, Response, Url};
use tracing::{info, warn};

use crate::problem::Problem;

/// Timeout of a request, the body included.
const TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

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
    client: Client,
    away_since: Mutex<Option<Timestamp>>,
}

impl Upstream {
    pub const fn new(name: &'static str, base: Url, client: Client) -> Self {
        Self {
            name,
            base,
            client,
            away_since: Mutex::new(None),
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
            Ok(response) if response.status().as_u16() == 503 || response.status().as_u16() == 502 => {
                Err(self.is_away(format!("{} answers {}.", self.name, response.status())))
            }
            Ok(response) => {
                if self.lock().take().is_some() {
                    info!(part = self.name, "answers again");
                }
                Ok(response)
            }
            Err(error) => Err(self.is_away(describe(self.name, &error))),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a date, for people")]
    fn is_away(&self, detail: String) -> Problem {
        let mut away_since = self.lock();
        let since = *away_since.get_or_insert_with(|| {
            warn!(part = self.name, detail, "does not answer");
            Timestamp::now()
        });
        Problem::away(self.name, since, detail)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Timestamp>> {
        self.away_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
