//! A raw HTTP/1.1 client, for what a well-behaved client does not send.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
};

/// Connects, sends the bytes as they are, and leaves the connection open.
pub async fn send(address: &str, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("the request is sent");
    stream
}

/// Sends the bytes and reads until the server closes the connection.
///
/// The request should say `connection: close`, or the reply never ends.
pub async fn exchange(address: &str, request: &str) -> String {
    let mut stream = send(address, request).await;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.expect("the reply is read");
    String::from_utf8_lossy(&reply).into_owned()
}

/// A keep-alive connection, for any method and target.
#[derive(Debug)]
pub struct Connection(BufStream<TcpStream>);

impl Connection {
    /// Connects to a server.
    pub async fn open(address: &str) -> Self {
        Self(BufStream::new(TcpStream::connect(address).await.expect("a connection")))
    }

    /// Sends a request without a body and returns the reply's status.
    pub async fn status_of(&mut self, method: &str, target: &str) -> u16 {
        let Self(stream) = self;
        let request = format!("{method} {target} HTTP/1.1\r\nhost: test\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("the request is sent");
        stream.flush().await.expect("the request is sent");

        let (mut status, mut length) = (0, 0);
        let mut line = String::new();
        while stream.read_line(&mut line).await.expect("a line of the head") > 2 {
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().expect("a status");
            } else if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            line.clear();
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.expect("the body");
        status
    }
}
