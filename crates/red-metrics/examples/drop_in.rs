//! Adds RED metrics to a router that is there already:
//!
//!     cargo run --example drop_in -- 127.0.0.1:8080

use std::{env, error::Error, time::Duration};

use axum::{Router, routing::get};
use red_metrics::{Monitoring, RedMetrics, prometheus::Registry, scrape};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let router = Router::new()
        .route("/hello", get(async || "hello\n"))
        .route("/slow", get(slow));

    // These five lines are all that it takes.
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry)?;
    let router = router
        .route("/metrics", get(async move || scrape(&registry)))
        .layer(metrics.layer().route("/metrics", Monitoring::disabled()));

    let listener = TcpListener::bind(env::args().nth(1).as_deref().unwrap_or("127.0.0.1:0")).await?;
    println!("listening on {}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

async fn slow() -> &'static str {
    tokio::time::sleep(Duration::from_millis(50)).await;
    "at last\n"
}
