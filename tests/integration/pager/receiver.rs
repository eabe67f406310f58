//! A webhook that takes what the pager forwards, or not.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use test_support::exposition::eventually;
use tokio::{net::TcpListener, task::JoinHandle};

/// How a request is answered.
type Answer = dyn Fn(&Value) -> Response + Send + Sync;

/// A request that was answered with 2xx.
#[derive(Clone, Debug)]
pub struct Taken {
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Value,
}

#[derive(Clone)]
struct Shared {
    answer: Arc<Answer>,
    taken: Arc<Mutex<Vec<Taken>>>,
    requests: Arc<Mutex<Vec<Value>>>,
}

/// A running webhook.
pub struct Receiver {
    pub address: SocketAddr,
    shared: Shared,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Serves; takes everything.
    pub async fn start() -> Self {
        Self::answering(|_| StatusCode::OK.into_response()).await
    }

    /// Serves; answers a message as this function says.
    pub async fn answering(answer: impl Fn(&Value) -> Response + Send + Sync + 'static) -> Self {
        Self::on("127.0.0.1:0".parse().expect("an address"), answer).await
    }

    /// Serves at this address.
    pub async fn on(address: SocketAddr, answer: impl Fn(&Value) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Shared {
            answer: Arc::new(answer),
            taken: Arc::default(),
            requests: Arc::default(),
        };
        let router = router(shared.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { address, shared, task }
    }

    /// The pager's flag with its URL.
    pub fn flag(&self) -> String {
        format!("--forward-url=http://{}/hook", self.address)
    }

    /// What it has been sent, whatever it answered.
    pub fn requests(&self) -> Vec<Value> {
        self.shared.requests.lock().expect("no panic").clone()
    }

    /// What it has taken.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.lock().expect("no panic").clone()
    }

    /// Waits until it has taken this many messages.
    pub async fn messages(&self, count: usize) -> Vec<Value> {
        eventually(&format!("{count} messages were taken"), async || {
            let taken = self.taken();
            (taken.len() >= count).then(|| taken.into_iter().map(|taken| taken.body).collect())
        })
        .await
    }

    /// Stops serving, and returns the address, which is free again.
    pub async fn stop(self) -> SocketAddr {
        self.task.abort();
        let _ = self.task.await;
        self.address
    }
}

fn router(shared: Shared) -> Router {
    Router::new().fallback(take).with_state(shared)
}

async fn take(State(shared): State<Shared>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    shared.requests.lock().expect("no panic").push(body.clone());
    let answer = (shared.answer)(&body);
    if answer.status().is_success() {
        shared
            .taken
            .lock()
            .expect("no panic")
            .push(Taken { uri, headers, body });
    }
    answer
}

/// An answer of this status that leads elsewhere.
pub fn redirect(status: u16, location: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [(header::LOCATION, location.to_owned())]).into_response()
}
