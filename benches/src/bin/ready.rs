//! How long a server takes from its start until it is ready.
//!
//!     ready ROUNDS ADDRESS:PORT COMMAND [ARGUMENT]...
//!
//! starts the command, asks for /readyz at that address until it is answered with 200, and ends the command again.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use clap::Parser;
use observer_benches::{Bound, Measurement};

const REQUEST: &[u8] = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

/// The time between two tries.
const PAUSE: Duration = Duration::from_millis(2);

/// How long it may take at the most.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Parser)]
struct Arguments {
    /// How often
    rounds: usize,

    /// Where the server listens
    #[arg(value_name = "ADDRESS:PORT")]
    server: SocketAddr,

    /// The server, and what it is told
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// A process that does not outlive its round, whatever comes of that.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let rounds = (0..arguments.rounds)
        .map(|_| milliseconds_to_ready(&arguments))
        .collect::<anyhow::Result<_>>()?;
    Measurement::new("from the start of observer until it is ready", "ms", rounds)
        .aim(Bound::AtMost(100.0))
        .tell();
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime that it would hold up")]
fn milliseconds_to_ready(Arguments { server, command, .. }: &Arguments) -> anyhow::Result<f64> {
    let started = Instant::now();
    let child = Command::new(&command[0])
        .args(&command[1..])
        .spawn()
        .with_context(|| command[0].clone())?;
    let mut child = Server(child);
    while !is_ready(*server) {
        if let Some(status) = child.0.try_wait()? {
            bail!("{}: {status}", command[0]);
        }
        if started.elapsed() > PATIENCE {
            bail!("{}: not ready after {PATIENCE:?}", command[0]);
        }
        sleep(PAUSE);
    }
    Ok(started.elapsed().as_secs_f64() * 1e3)
}

/// Until the server listens there is no connection, and until then nothing is wrong with that.
fn is_ready(server: SocketAddr) -> bool {
    let mut answer = Vec::new();
    TcpStream::connect(server)
        .and_then(|mut connection| {
            connection.set_read_timeout(Some(PATIENCE))?;
            connection.write_all(REQUEST)?;
            connection.read_to_end(&mut answer)
        })
        .is_ok()
        && answer.starts_with(b"HTTP/1.1 200 ")
}
