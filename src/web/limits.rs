//! How much a server takes from its clients, and for how long.

use std::time::Duration;

use clap::Args;
use humantime::parse_duration;

/// What every server of this crate is limited by, so that no client, and no number of them, takes it from the others.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// The most connections; beyond them the one that has kept the server waiting the longest makes room
    #[arg(long, env = "OBSERVER_MAX_CONNECTIONS", default_value = "1024", value_name = "NUMBER",
          value_parser = at_least_one)]
    pub max_connections: usize,

    /// The most requests in progress; more are answered with 503 at once. Probes and /metrics are always served
    #[arg(long, env = "OBSERVER_MAX_CONCURRENT_REQUESTS", default_value = "512", value_name = "NUMBER",
          value_parser = at_least_one)]
    pub max_concurrent_requests: usize,

    /// The most bytes of all requests' bodies that are held at a time; beyond them a request is answered with 503
    #[arg(long, env = "OBSERVER_BODY_MEMORY", default_value = "16777216", value_name = "BYTES")]
    pub body_memory: usize,

    /// The most bytes of a request's head; a larger one is answered with 431
    #[arg(long, env = "OBSERVER_HEADER_LIMIT", default_value = "16384", value_name = "BYTES",
          value_parser = header_bytes)]
    pub header_limit: usize,

    /// How long a client may take to send a request's head, and how long its connection may stay idle
    #[arg(long, env = "OBSERVER_HEADER_TIMEOUT", default_value = "15s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub header_timeout: Duration,

    /// How long a client may take to send a request's body; after that it is answered with 408
    #[arg(long, env = "OBSERVER_BODY_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub body_timeout: Duration,

    /// How long a request may take once it has arrived; after that it is answered with 503
    #[arg(long, env = "OBSERVER_REQUEST_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub request_timeout: Duration,

    /// How long a client may take to receive a reply; after that its connection is cut
    #[arg(long, env = "OBSERVER_WRITE_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub write_timeout: Duration,

    /// How long requests are still served after a signal to stop, so that balancers see that it is not ready
    #[arg(long, env = "OBSERVER_SHUTDOWN_DELAY", default_value = "500ms", value_parser = parse_duration,
          value_name = "DURATION")]
    pub shutdown_delay: Duration,

    /// How long requests in progress may take to end after that
    #[arg(long, env = "OBSERVER_SHUTDOWN_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub shutdown_timeout: Duration,
}

/// The least that hyper takes as the size of a connection's buffer.
const LEAST_BUFFER: usize = 8192;

fn at_least_one(text: &str) -> Result<usize, &'static str> {
    text.parse()
        .ok()
        .filter(|number| *number >= 1)
        .ok_or("expected a whole number of at least 1")
}

fn header_bytes(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|bytes| *bytes >= LEAST_BUFFER)
        .ok_or_else(|| format!("expected a number of bytes of at least {LEAST_BUFFER}"))
}
