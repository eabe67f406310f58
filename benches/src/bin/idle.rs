//! Clients that have nothing to ask: opens connections, and keeps them until its standard input ends.
//!
//!     idle ADDRESS:PORT NUMBER
//!
//! Each of them sends one request, for a connection costs a server the most once it has served. When all are open it
//! prints a line. At the end it fails if the server has closed one of them: then fewer were open than was meant.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, ensure};
use clap::Parser;

const REQUEST: &[u8] = b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Parser)]
struct Arguments {
    /// The server
    #[arg(value_name = "ADDRESS:PORT")]
    server: SocketAddr,

    /// How many connections
    number: usize,
}

fn main() -> anyhow::Result<()> {
    let Arguments { server, number } = Arguments::parse();
    let connections = (1..=number)
        .map(|at| open(server).with_context(|| format!("connection {at} of {number} to {server}")))
        .collect::<anyhow::Result<Vec<_>>>()?;
    println!("{number} connections are open");

    io::copy(&mut io::stdin(), &mut io::sink()).context("standard input")?;
    let open = connections.iter().filter(|connection| is_open(connection)).count();
    ensure!(open == number, "only {open} of {number} connections are still open");
    Ok(())
}

/// A connection that has got its first answer.
fn open(server: SocketAddr) -> anyhow::Result<TcpStream> {
    let mut connection = TcpStream::connect_timeout(&server, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.write_all(REQUEST)?;
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut piece = [0; 512];
        let length = connection.read(&mut piece)?;
        ensure!(length > 0, "closed before an answer");
        answer.extend(&piece[..length]);
    }
    ensure!(
        answer.starts_with(b"HTTP/1.1 200 "),
        "expected 200, found '{}'",
        String::from_utf8_lossy(&answer).lines().next().unwrap_or_default()
    );
    connection.set_nonblocking(true)?;
    Ok(connection)
}

/// Whether there is nothing to read, not even its end.
fn is_open(connection: &TcpStream) -> bool {
    matches!(connection.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}
