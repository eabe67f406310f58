//! The sockets that accept connections.

use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

/// The most connections that wait to be accepted. The kernel takes `net.core.somaxconn` if that is less: 4096 since
/// Linux 5.4.
///
/// `TcpListener::bind` has 128. A client that finds the queue full gets no reply, and tries again after a second.
const BACKLOG: u32 = 4096;

/// Listens on this address, on any free port if its port is 0.
///
/// # Errors
///
/// Fails if the address is taken or not one of this machine, or if the process may not use its port.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // Connections that a former process has closed may linger.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
