//! The counter's peer: one UPDATE for each request, as one writes it with axum and sqlx at first.
//!
//!     DATABASE_URL=postgres://... one_update ADDRESS:PORT
//!
//! It answers GET /counter as the service does, from the same row, through a pool of the same size.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use clap::Parser;
use observer::store::DatabaseSettings;
use serde::Serialize;
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::net::TcpListener;

const ADD: &str = "UPDATE counter SET value = value + 1 RETURNING value";

#[derive(Parser)]
struct Arguments {
    /// Where to listen
    #[arg(value_name = "ADDRESS:PORT")]
    listen: SocketAddr,

    #[command(flatten)]
    database: DatabaseSettings,
}

#[derive(Serialize)]
struct Count {
    count: i64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { listen, database } = Arguments::parse();
    // As the service does: to try each connection before its use would cost this one a second round trip.
    let pool = PgPoolOptions::new()
        .max_connections(database.database_pool_size)
        .test_before_acquire(false)
        .connect_with(database.database.options)
        .await
        .context("the database")?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let app = Router::new().route("/counter", get(next)).with_state(Arc::new(pool));
    Ok(axum::serve(listener, app).await?)
}

async fn next(State(pool): State<Arc<PgPool>>) -> Result<Json<Count>, StatusCode> {
    match sqlx::query_scalar(ADD).fetch_one(&*pool).await {
        Ok(count) => Ok(Json(Count { count })),
        Err(error) => {
            eprintln!("{error}");
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
