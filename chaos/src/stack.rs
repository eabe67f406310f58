//! Client of the stack's parts. Any of them may be down, so every call returns a `Result`.

use std::{env, time::Duration};

use anyhow::{Context, bail};
use http::Method;
use jiff::Timestamp;
use reqwest::Client;
use serde_json::Value;

use test_support::stack::Part;

/// Timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Variable with the token of the control listeners, which need one beyond loopback.
const TOKEN: &str = "OBSERVER_CONTROL_TOKEN";

/// Returns the date, for comparison with dates that the stack reports. Durations are measured by `Instant`.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A client of all parts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stack(Client);

impl Stack {
    pub fn new() -> anyhow::Result<Self> {
        let client = Client::builder().timeout(TIMEOUT).no_proxy().build()?;
        Ok(Self(client))
    }

    /// Sends a GET request and returns the answer as JSON.
    pub async fn get(&self, part: Part, path: &str, parameters: &[(&str, &str)]) -> anyhow::Result<Value> {
        let text = self.send(Method::GET, part, path, parameters, None).await?;
        serde_json::from_str(&text).with_context(|| format!("{part:?}: {path} does not answer JSON"))
    }

    /// Sends a GET request that must succeed.
    pub async fn check(&self, part: Part, path: &str) -> anyhow::Result<()> {
        self.send(Method::GET, part, path, &[], None).await.map(drop)
    }

    pub async fn post(&self, part: Part, path: &str, body: &Value) -> anyhow::Result<()> {
        self.send(Method::POST, part, path, &[], Some(body)).await.map(drop)
    }

    pub async fn put(&self, part: Part, path: &str, body: &Value) -> anyhow::Result<()> {
        self.send(Method::PUT, part, path, &[], Some(body)).await.map(drop)
    }

    pub async fn delete(&self, part: Part, path: &str) -> anyhow::Result<()> {
        self.send(Method::DELETE, part, path, &[], None).await.map(drop)
    }

    /// Returns the current series of an expression.
    pub async fn query(&self, expr: &str) -> anyhow::Result<Vec<Value>> {
        let answer = self.get(Part::Prometheus, "/api/v1/query", &[("query", expr)]).await?;
        let series = answer["data"]["result"].as_array();
        series.cloned().context("the answer of Prometheus has no result")
    }

    async fn send(
        &self,
        method: Method,
        part: Part,
        path: &str,
        parameters: &[(&str, &str)],
        body: Option<&Value>,
    ) -> anyhow::Result<String> {
        let mut request = self.0.request(method.clone(), part.url(path, parameters));
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        if let Ok(token) = env::var(TOKEN) {
            request = request.bearer_auth(token);
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("{part:?} does not answer"))?;
        let status = answer.status();
        let text = answer
            .text()
            .await
            .with_context(|| format!("{part:?} sent an incomplete answer"))?;
        if !status.is_success() {
            bail!("{part:?} answers {method} {path} with {status}: {text}");
        }
        Ok(text)
    }
}
