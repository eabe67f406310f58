//! HTTP client of the webhook.
//!
//! It is hyper's, not reqwest: with TLS, every one of reqwest's clients would load the system's certificates and fail
//! without them, the peer's and the health check's too, which never leave the stack. It knows no redirects and no proxy
//! from the environment.

use std::time::Duration;

use anyhow::anyhow;
use axum::BoxError;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;
use hyper_rustls::{HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, proxy::Tunnel},
    },
    rt::{TokioExecutor, TokioIo},
};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use tokio::{net::TcpStream, time::timeout};
use tower::{Service, ServiceExt, util::BoxCloneSyncService};

use super::{
    failure::{self, Failure},
    settings::Webhook,
    tls,
};

/// Timeout for the webhook's answer.
const TIMEOUT: Duration = Duration::from_secs(10);

const USER_AGENT: &str = concat!("observer/", env!("CARGO_PKG_VERSION"));

type Connector = BoxCloneSyncService<Uri, MaybeHttpsStream<TokioIo<TcpStream>>, BoxError>;

/// Client of one webhook.
pub struct WebhookClient {
    client: Client<Connector, Full<Bytes>>,
    uri: Uri,
    authorization: Option<HeaderValue>,
}

impl WebhookClient {
    /// Creates a client.
    ///
    /// # Errors
    ///
    /// Fails if no certificate can be loaded that the webhook's could be checked against.
    pub fn new(webhook: &Webhook) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::builder(TokioExecutor::new())
                // Pages are rare: a connection that idles until the next one may be dead by then.
                .pool_max_idle_per_host(0)
                .build(connector(webhook)?),
            uri: without_credentials(&webhook.url)?,
            authorization: basic_auth(&webhook.url)?,
        })
    }

    /// Posts a message.
    pub async fn post(&self, body: Vec<u8>) -> Result<(), Failure> {
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        if let Some(authorization) = &self.authorization {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let transient = |error| Failure::Transient {
            error,
            retry_after: None,
        };
        match timeout(TIMEOUT, self.client.request(request)).await {
            // The body does not matter, and may never end.
            Ok(Ok(answer)) => failure::check(answer.status(), answer.headers()),
            Ok(Err(error)) => Err(transient(error.into())),
            Err(_) => Err(transient(anyhow!("no answer within {TIMEOUT:?}"))),
        }
    }
}

fn connector(webhook: &Webhook) -> anyhow::Result<Connector> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    let Some(proxy) = &webhook.proxy else {
        return secured(webhook, tcp);
    };
    let mut tunnel = Tunnel::new(without_credentials(proxy)?, tcp);
    if let Some(authorization) = basic_auth(proxy)? {
        tunnel = tunnel.with_auth(authorization);
    }
    secured(webhook, tunnel)
}

/// Puts TLS around a connector, if the webhook wants it.
fn secured<C>(webhook: &Webhook, tcp: C) -> anyhow::Result<Connector>
where
    C: Service<Uri, Response = TokioIo<TcpStream>, Future: Send, Error: Into<BoxError>> + Clone + Send + Sync + 'static,
{
    if webhook.url.scheme() == "http" {
        return Ok(BoxCloneSyncService::new(
            tcp.map_response(MaybeHttpsStream::Http).map_err(Into::into),
        ));
    }
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls::config(webhook.ca_file.as_deref())?)
        .https_only()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(BoxCloneSyncService::new(connector))
}

fn without_credentials(url: &Url) -> anyhow::Result<Uri> {
    let mut url = url.clone();
    url.set_fragment(None);
    // It fails only for URLs without a host, which the settings refuse.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    // The error does not contain the URL.
    Ok(url.as_str().parse()?)
}

/// Returns the credentials of a URL as a header's value.
fn basic_auth(url: &Url) -> anyhow::Result<Option<HeaderValue>> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let mut credentials: Vec<u8> = percent_decode_str(url.username()).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(url.password().unwrap_or_default()));
    let mut value = HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(credentials)))?;
    value.set_sensitive(true);
    Ok(Some(value))
}
