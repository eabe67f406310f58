//! The address of a target: where a label or the published ports say that it is.

use std::net::{IpAddr, SocketAddr};

use super::groups::SkipReason;

/// The address of a target.
///
/// The port is that inside the container: the published one is the host's, and nothing listens there on the
/// container's own address.
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
