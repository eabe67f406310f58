//! The counter's peer: one UPDATE for each request, the obvious way to write it with axum and sqlx.
//!
//! It answers GET /counter as the service does, from the same row.

use std::net::SocketAddr;

use anyhow::Context;
use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use clap::Parser;
use serde::Serialize;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::net::TcpListener;

const ADD: &str = "UPDATE counter SET value = value + 1 RETURNING value";

#[derive(Parser)]
struct Arguments {
    #[arg(value_name = "URL")]
    database: PgConnectOptions,

    /// The most connections to the database
    #[arg(value_name = "NUMBER")]
    pool_size: u32,

    /// Where to listen
    #[arg(value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
}

#[derive(Serialize)]
struct Count {
    count: i64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments {
        database,
        pool_size,
        listen,
    } = Arguments::parse();
    // As in the service: testing each connection before its use would take a second round trip.
    let pool = PgPoolOptions::new()
        .max_connections(pool_size)
        .test_before_acquire(false)
        .connect_with(database)
        .await
        .context("the database")?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let app = Router::new().route("/counter", get(next)).with_state(pool);
    Ok(axum::serve(listener, app).await?)
}

async fn next(State(pool): State<PgPool>) -> Result<Json<Count>, StatusCode> {
    match sqlx::query_scalar(ADD).fetch_one(&pool).await {
        Ok(count) => Ok(Json(Count { count })),
        Err(error) => {
            eprintln!("{error}");
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
