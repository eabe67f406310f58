//! RED metrics on two routes, and a third that serves them:
//!
//!     cargo run --example minimal -- 127.0.0.1:8080

use std::{env, error::Error, future::ready, time::Duration};

use axum::{body::Body, routing::get, serve};
use http::{Method, Response};
use prometheus::Registry;
use red_metrics::{CONTENT_TYPE, MeasuredBody, MonitoredRouter, Monitoring, RedMetrics, encode};
use tokio::net::TcpListener;
use tower::{Layer, make::Shared, util::MapResponse};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry)?;
    let scrape = move || ready(([("content-type", CONTENT_TYPE)], encode(&registry).unwrap_or_default()));

    let (router, routes) = MonitoredRouter::new()
        .route("/hello", get(async || "hello\n"), Monitoring::of([Method::GET]))
        .route("/slow", get(slow), Monitoring::of([Method::GET]))
        .route("/metrics", get(scrape), Monitoring::disabled())
        .into_parts();
    let boxed = |response: Response<MeasuredBody<Body>>| response.map(Body::new);
    let service = MapResponse::new(metrics.outermost(&routes).layer(router), boxed);

    let listener = TcpListener::bind(env::args().nth(1).as_deref().unwrap_or("127.0.0.1:0")).await?;
    println!("listening on {}", listener.local_addr()?);
    Ok(serve(listener, Shared::new(service)).await?)
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(50)).await;
    "at last\n"
}
