//! The service's peer: a bare axum server without metrics, which answers GET and POST /echo with the request's body.

use std::net::SocketAddr;

use anyhow::Context;
use axum::{Router, body::Bytes, routing::get};
use clap::Parser;
use tokio::net::TcpListener;

#[derive(Parser)]
struct Arguments {
    /// Where to listen
    #[arg(value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { listen } = Arguments::parse();
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let app = Router::new().route("/echo", get(echo).post(echo));
    Ok(axum::serve(listener, app).await?)
}

async fn echo(body: Bytes) -> Bytes {
    body
}
