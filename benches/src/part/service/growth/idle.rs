//! Connections that are open, and idle.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, ensure};

const REQUEST: &[u8] = b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Idle connections. Each has sent one request: only then does a connection cost a server what it costs.
#[derive(Debug)]
pub struct Idle(Vec<TcpStream>);

impl Idle {
    /// Opens a number of connections.
    pub fn open(server: SocketAddr, number: usize) -> anyhow::Result<Self> {
        let connections = (1..=number)
            .map(|at| open(server).with_context(|| format!("connection {at} of {number} to {server}")))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self(connections))
    }

    /// Closes all connections.
    ///
    /// # Errors
    ///
    /// Fails if the server has closed one before: then fewer were open than was meant.
    pub fn close(self) -> anyhow::Result<()> {
        let open = self.0.iter().filter(|connection| is_open(connection)).count();
        ensure!(
            open == self.0.len(),
            "only {open} of {} connections are still open",
            self.0.len()
        );
        Ok(())
    }
}

/// Opens a connection, and waits for its first answer.
fn open(server: SocketAddr) -> anyhow::Result<TcpStream> {
    let mut connection = TcpStream::connect_timeout(&server, TIMEOUT)?;
    connection.set_read_timeout(Some(TIMEOUT))?;
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

/// Returns whether there is nothing to read, not even the end.
fn is_open(connection: &TcpStream) -> bool {
    matches!(connection.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, thread};

    use super::*;

    /// Answers one request on each of a number of connections, and returns them.
    fn serve(listener: TcpListener, number: usize) -> thread::JoinHandle<Vec<TcpStream>> {
        thread::spawn(move || {
            let accepted = listener.incoming().take(number).map(|connection| {
                let mut connection = connection.expect("a connection");
                let _ = connection.read(&mut [0; 512]).expect("a request");
                connection
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .expect("an answer");
                connection
            });
            accepted.collect()
        })
    }

    #[test]
    fn connection_that_the_server_closes_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = serve(listener, 2);
        let idle = Idle::open(address, 2).expect("two answers");
        let mut accepted = server.join().expect("no panic");
        let closed = idle.0.iter().filter(|connection| is_open(connection)).count();
        assert_eq!(closed, 2);
        drop(accepted.pop());
        let error = loop {
            // The end takes a moment to arrive.
            if idle.0.iter().any(|connection| !is_open(connection)) {
                break idle.close().expect_err("one was closed");
            }
        };
        assert_eq!(error.to_string(), "only 1 of 2 connections are still open");
    }
}
