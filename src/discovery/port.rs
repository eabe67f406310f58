//! Socket address of a target, from a label or the published ports.

use std::net::{IpAddr, SocketAddr};

use super::groups::SkipReason;

/// Returns the address of a target.
///
/// The port is the one inside the container. The published port belongs to the host: nothing listens on it at the
/// container's address.
pub fn target_address(
    address: Option<&str>,
    port_label: Option<&str>,
    last_published: impl FnOnce() -> Option<u16>,
) -> Result<SocketAddr, SkipReason> {
    let port = match port_label {
        Some(text) => text
            .parse()
            .ok()
            .filter(|&port| port != 0)
            .ok_or_else(|| SkipReason::BadPort(text.to_owned()))?,
        None => last_published().filter(|&port| port != 0).ok_or(SkipReason::NoPort)?,
    };
    let address: IpAddr = address
        .and_then(|text| text.parse().ok())
        .ok_or(SkipReason::NoAddress)?;
    Ok(SocketAddr::new(address, port))
}
