//! A stand-in for the parts that the console asks: it answers what it was asked.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

/// A server that is healthy and answers each other request with its method, path and query. It stops when dropped.
pub struct Upstream {
    pub url: String,
    asked: Asked,
    task: JoinHandle<()>,
}

type Asked = Arc<Mutex<Vec<String>>>;

impl Upstream {
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await
    }

    pub async fn start_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Asked::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&asked));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { url, asked, task }
    }

    /// What it was asked since the last call.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no panic"))
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The console sends them at any time, so they are not among what it was asked.
const HEALTH_CHECKS: [&str; 2] = ["/-/ready", "/healthz"];

/// An error in the words of Prometheus.
fn refusal(status: StatusCode, error_type: &str, error: &str) -> Response {
    let body = json!({ "status": "error", "errorType": error_type, "error": error });
    (status, Json(body)).into_response()
}

async fn answer(State(asked): State<Asked>, request: Request) -> Response {
    if HEALTH_CHECKS.contains(&request.uri().path()) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let line = format!("{} {}", request.method(), request.uri());
    let body: Bytes = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .expect("a body");
    let line = format!("{line} {}", String::from_utf8_lossy(&body))
        .trim_end()
        .to_owned();
    asked.lock().expect("no panic").push(line.clone());
    if line.contains("unclosed") {
        return refusal(
            StatusCode::BAD_REQUEST,
            "bad_data",
            "parse error: unclosed left parenthesis",
        );
    }
    if line.contains("expensive") {
        return refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "timeout",
            "query timed out in expression evaluation",
        );
    }
    if line.contains("starting") {
        return (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").into_response();
    }
    Json(json!({ "status": "success", "data": line })).into_response()
}
