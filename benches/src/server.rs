//! The servers: the service, and its peers.

use std::{
    env,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::bail;

use crate::{
    command::{Process, sibling, sleep},
    usage::{self, Cpu},
};

/// How long a server may take to start: under callgrind it takes seconds.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// How long an answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The most connections to the database, the same for the service and its peer.
const POOL_SIZE: &str = "5";

/// A server on an address of its own, killed on drop.
#[derive(Debug)]
pub struct Server {
    process: Process,
    address: SocketAddr,
}

impl Server {
    /// Starts a server whose last argument is its address, and waits until it listens.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let server = Self::spawn(command)?;
        server.wait_until(Duration::from_millis(50), |server| {
            TcpStream::connect(server.address).is_ok()
        })
    }

    /// Starts a server without waiting for it.
    pub fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        let address = free_address()?;
        // The same for all servers, whatever the machine has.
        command.env("TOKIO_WORKER_THREADS", "2").arg(address.to_string());
        let process = Process::start(command)?;
        Ok(Self { process, address })
    }

    /// Looks at the server again and again until a condition holds.
    ///
    /// # Errors
    ///
    /// Fails if the server ends, or the condition does not hold in time.
    pub fn wait_until(mut self, interval: Duration, holds: impl Fn(&Self) -> bool) -> anyhow::Result<Self> {
        let started = Instant::now();
        while !holds(&self) {
            if let Some(status) = self.process.exit_status()? {
                bail!("a server ended: {status}\n{}", self.process.output()?);
            }
            if started.elapsed() > START_TIMEOUT {
                bail!(
                    "a server has not started in {START_TIMEOUT:?}\n{}",
                    self.process.output()?
                );
            }
            sleep(interval);
        }
        Ok(self)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Returns the CPU time used so far.
    pub fn cpu(&self) -> anyhow::Result<Cpu> {
        usage::cpu(self.id())
    }

    /// Returns the resident memory, in MB.
    pub fn resident(&self) -> anyhow::Result<f64> {
        usage::resident(self.id())
    }

    /// Sends a GET request on a connection of its own. Returns the body of a 200.
    pub fn get(&self, path: &str) -> io::Result<Vec<u8>> {
        let mut connection = TcpStream::connect(self.address)?;
        connection.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        write!(
            connection,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer)?;
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
        match end {
            Some(end) if answer.starts_with(b"HTTP/1.1 200 ") => Ok(answer.split_off(end + 4)),
            _ => Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned())),
        }
    }
}

/// The service, without injected errors; other settings have their defaults.
pub fn observer(database_url: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(sibling("observer")?);
    for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"OBSERVER_")) {
        command.env_remove(name);
    }
    command
        .env("DATABASE_URL", database_url)
        .env("OBSERVER_DATABASE_POOL_SIZE", POOL_SIZE)
        .env("OBSERVER_ECHO_ERROR_RATIO", "0")
        .env("OBSERVER_CONTROL_LISTEN", "127.0.0.1:0")
        .args(["serve", "--listen"]);
    Ok(command)
}

/// A bare axum server.
pub fn bare() -> anyhow::Result<Command> {
    Ok(Command::new(sibling("bare")?))
}

/// A server with one UPDATE for each request.
pub fn one_update(database_url: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(sibling("one_update")?);
    command.args([database_url, POOL_SIZE]);
    Ok(command)
}

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
