//! Settings of the control listener.

use std::net::SocketAddr;

use clap::Args;
use loopback_guard::{Access, Token};

/// Address and access of the control listener.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Control")]
pub struct ControlSettings {
    /// Address of the control listener; port 0 takes any free port
    #[arg(
        long,
        env = "OBSERVER_CONTROL_LISTEN",
        default_value = "127.0.0.1:9901",
        value_name = "ADDRESS:PORT"
    )]
    pub control_listen: SocketAddr,

    /// Bearer token of the control API; required unless its address is loopback
    #[arg(long, env = "OBSERVER_CONTROL_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub control_token: Option<Token>,
}

/// A control address that others can reach, without a token.
#[derive(Debug, thiserror::Error)]
#[error("--control-listen: {0}:9901, or a --control-token (OBSERVER_CONTROL_TOKEN) beside it")]
pub struct UnprotectedAddress(#[from] loopback_guard::UnprotectedAddress);

impl ControlSettings {
    /// Returns the condition for access.
    ///
    /// # Errors
    ///
    /// Fails if the address is not loopback and no token is set.
    pub fn access(&self) -> Result<Access, UnprotectedAddress> {
        Ok(Access::of(self.control_listen, self.control_token.as_ref())?)
    }
}
