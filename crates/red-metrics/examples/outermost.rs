//! Puts the metrics around a whole service, so that a request needs no allocation for them:
//!
//!     cargo run --example outermost -- 127.0.0.1:8080

use std::{env, error::Error, time::Duration};

use axum::{body::Body, extract::Request, routing::get};
use http::Method;
use red_metrics::{MonitoredRouter, Monitoring, RedMetrics, prometheus::Registry, scrape};
use tokio::net::TcpListener;
use tower::{Layer, ServiceExt, make::Shared};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry)?;
    let (router, routes) = MonitoredRouter::new()
        .route("/hello", get(async || "hello\n"), Monitoring::of([Method::GET]))
        .route("/slow", get(slow), Monitoring::of([Method::GET]))
        .route("/metrics", get(async move || scrape(&registry)), Monitoring::disabled())
        .into_parts();
    // `axum::serve` takes axum's own body only; a server of hyper's takes any, and needs no box.
    let service = metrics.outermost(&routes).layer(router);
    let service = ServiceExt::<Request>::map_response(service, |response| response.map(Body::new));

    let listener = TcpListener::bind(env::args().nth(1).as_deref().unwrap_or("127.0.0.1:0")).await?;
    println!("listening on {}", listener.local_addr()?);
    Ok(axum::serve(listener, Shared::new(service)).await?)
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(50)).await;
    "at last\n"
}
