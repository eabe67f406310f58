//! Read-only client of Docker's API, over a Unix socket or TCP.
//!
//! The published client, bollard, models the whole API. The few fields that are needed here are in
//! [`model`](super::model). That spares 1.2 MB of the binary and memory on hosts with
//! many containers. It also accepts values of other engine versions, or of Podman, that bollard's models do not know.
//!
//! The paths carry no API version: an engine then uses its newest, and never refuses a version as too old.

use std::{error::Error, io, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::{Client, Response, StatusCode, Url};

use super::endpoint::DockerHost;

/// Timeout for connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Timeout for a whole response. An engine with ten thousand containers takes seconds.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest response, in bytes. Ten thousand containers take about a quarter of it.
const MAX_RESPONSE_BYTES: usize = 64 << 20;

/// Client of an engine.
#[derive(Clone, Debug)]
pub struct Docker {
    client: Client,
    base: Url,
    host: String,
}

/// A failed call to Docker. Each message says what to do, where that is known.
#[derive(Debug, thiserror::Error)]
pub enum DockerError {
    #[error("{host} is not there: is Docker running, and is its socket mounted here?")]
    NotFound { host: String },
    #[error("no permission to use {host}: run this as its owner or a member of its group")]
    NoPermission { host: String },
    #[error("{host} refuses connections: is Docker running?")]
    Refused { host: String },
    #[error("Docker at {host} did not answer GET {path} in time")]
    TimedOut { host: String, path: &'static str },
    #[error("Docker at {host} answered GET {path} with {status}: {message}")]
    Status {
        host: String,
        path: &'static str,
        status: StatusCode,
        message: String,
    },
    #[error("the answer of Docker at {host} to GET {path} is larger than {MAX_RESPONSE_BYTES} bytes")]
    TooLarge { host: String, path: &'static str },
    #[error("no answer of Docker at {host} to GET {path}: {cause}")]
    Broken {
        host: String,
        path: &'static str,
        cause: String,
    },
}

impl Docker {
    /// Creates the client. It connects on the first call.
    pub fn connect(host: &DockerHost) -> reqwest::Result<Self> {
        let client = Client::builder().connect_timeout(CONNECT_TIMEOUT).no_proxy();
        let (client, base) = match host {
            DockerHost::Socket(path) => (
                client.unix_socket(path.as_path()),
                Url::parse("http://docker").expect("a valid URL"),
            ),
            DockerHost::Tcp(url) => (client, url.clone()),
        };
        Ok(Self {
            client: client.build()?,
            base,
            host: host.to_string(),
        })
    }

    /// Sends a GET request and returns the response's body.
    pub async fn get(&self, path: &'static str, filters: &str) -> Result<Bytes, DockerError> {
        let mut response = self.send(path, filters, Some(RESPONSE_TIMEOUT)).await?;
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.explain(path, &error))? {
            if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
                return Err(DockerError::TooLarge {
                    host: self.host.clone(),
                    path,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// Sends a GET request and returns the response with its body unread, for an endless stream.
    pub async fn stream(&self, path: &'static str, filters: &str) -> Result<Response, DockerError> {
        self.send(path, filters, None).await
    }

    async fn send(&self, path: &'static str, filters: &str, limit: Option<Duration>) -> Result<Response, DockerError> {
        let mut url = self.base.clone();
        url.set_path(path);
        if !filters.is_empty() {
            url.query_pairs_mut().append_pair("filters", filters);
        }
        let mut request = self.client.get(url);
        if let Some(limit) = limit {
            request = request.timeout(limit);
        }
        let response = request.send().await.map_err(|error| self.explain(path, &error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let message = response.text().await.unwrap_or_default();
        Err(DockerError::Status {
            host: self.host.clone(),
            path,
            status,
            // Docker sends a short JSON object; a proxy may send a whole page.
            message: message.trim().chars().take(200).collect(),
        })
    }

    /// Maps an error by its root cause: the outer layers only say that a request failed.
    fn explain(&self, path: &'static str, error: &reqwest::Error) -> DockerError {
        let host = self.host.clone();
        let root = root_cause(error);
        match root.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::NotFound) => DockerError::NotFound { host },
            Some(io::ErrorKind::PermissionDenied) => DockerError::NoPermission { host },
            Some(io::ErrorKind::ConnectionRefused) => DockerError::Refused { host },
            _ if error.is_timeout() => DockerError::TimedOut { host, path },
            _ => DockerError::Broken {
                host,
                path,
                cause: root.to_string(),
            },
        }
    }
}

fn root_cause<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause
}
