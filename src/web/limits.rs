//! Limits of a server: how much it accepts from its clients, and for how long.

use std::time::Duration;

use clap::Args;
use humantime::parse_duration;

/// Limits of every server of this crate, so that no client, and no number of them, keeps it from the others.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// Maximum number of open connections; to make room for another, the one that has been idle the longest is closed
    #[arg(long, env = "OBSERVER_MAX_CONNECTIONS", default_value = "1024", value_name = "NUMBER",
          value_parser = at_least(1))]
    pub max_connections: usize,

    /// Maximum number of requests in progress; more are answered with 503 at once. Probes and /metrics are always served
    #[arg(long, env = "OBSERVER_MAX_CONCURRENT_REQUESTS", default_value = "512", value_name = "NUMBER",
          value_parser = at_least(1))]
    pub max_concurrent_requests: usize,

    /// Maximum memory for request bodies, in bytes; a request that finds none left is answered with 503
    #[arg(long, env = "OBSERVER_BODY_MEMORY", default_value = "16777216", value_name = "BYTES")]
    pub body_memory: usize,

    /// Maximum size of a request's head, in bytes; a larger one is answered with 431
    #[arg(long, env = "OBSERVER_HEADER_LIMIT", default_value = "16384", value_name = "BYTES",
          value_parser = at_least(MIN_BUFFER))]
    pub header_limit: usize,

    /// Time limit for receiving a request's head; after that the connection is closed
    #[arg(long, env = "OBSERVER_HEADER_TIMEOUT", default_value = "15s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub header_timeout: Duration,

    /// How long a connection may wait for its next request; after that it is closed. Announced as `Keep-Alive: timeout=`
    // Short: a client may use an idle connection at the very moment at which a shutdown closes it.
    #[arg(long, env = "OBSERVER_IDLE_TIMEOUT", default_value = "15s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub idle_timeout: Duration,

    /// Time limit for receiving a request's body; after that it is answered with 408
    #[arg(long, env = "OBSERVER_BODY_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub body_timeout: Duration,

    /// Time limit for a request once it has arrived; after that it is answered with 503
    #[arg(long, env = "OBSERVER_REQUEST_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub request_timeout: Duration,

    /// Time limit for a client to receive a reply; after that its connection is closed
    #[arg(long, env = "OBSERVER_WRITE_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub write_timeout: Duration,

    /// How long requests are still served after a signal to stop, so that load balancers see that it is not ready
    #[arg(long, env = "OBSERVER_SHUTDOWN_DELAY", default_value = "500ms", value_parser = parse_duration,
          value_name = "DURATION")]
    pub shutdown_delay: Duration,

    /// Time limit for requests in progress to end after that
    #[arg(long, env = "OBSERVER_SHUTDOWN_TIMEOUT", default_value = "10s", value_parser = parse_duration,
          value_name = "DURATION")]
    pub shutdown_timeout: Duration,
}

/// The minimum that hyper accepts for a connection's buffer.
const MIN_BUFFER: usize = 8192;

fn at_least(min: usize) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| {
        text.parse()
            .ok()
            .filter(|number| *number >= min)
            .ok_or_else(|| format!("expected a whole number of at least {min}"))
    }
}
