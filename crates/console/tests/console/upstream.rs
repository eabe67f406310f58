//! A stand-in for the parts that the console asks: it answers what it was asked.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

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
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    asked: Mutex<Vec<String>>,
    health_checks: AtomicUsize,
    is_unhealthy: AtomicBool,
}

impl Upstream {
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await
    }

    pub async fn start_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::<Shared>::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { url, shared, task }
    }

    /// What it was asked since the last call.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.asked.lock().expect("no panic"))
    }

    /// Changes what it answers to health checks, and to nothing else.
    pub fn set_healthy(&self, is_healthy: bool) {
        self.shared.is_unhealthy.store(!is_healthy, Ordering::Relaxed);
    }

    /// How many health checks it was sent.
    pub fn health_checks(&self) -> usize {
        self.shared.health_checks.load(Ordering::Relaxed)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The console sends them at any time, so they are not among what it was asked.
const HEALTH_CHECKS: [&str; 3] = ["/-/ready", "/healthz", "/api/health"];

/// An error in the words of Prometheus.
fn refusal(status: StatusCode, error_type: &str, error: &str) -> Response {
    let body = json!({ "status": "error", "errorType": error_type, "error": error });
    (status, Json(body)).into_response()
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if HEALTH_CHECKS.contains(&request.uri().path()) {
        shared.health_checks.fetch_add(1, Ordering::Relaxed);
        let is_unhealthy = shared.is_unhealthy.load(Ordering::Relaxed);
        return if is_unhealthy {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::NO_CONTENT
        }
        .into_response();
    }
    let line = format!("{} {}", request.method(), request.uri());
    let body: Bytes = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .expect("a body");
    let line = format!("{line} {}", String::from_utf8_lossy(&body))
        .trim_end()
        .to_owned();
    shared.asked.lock().expect("no panic").push(line.clone());
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
