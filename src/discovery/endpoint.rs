//! Address of Docker's API.

use std::{fmt, path::PathBuf, str::FromStr};

use reqwest::Url;

/// Address of the engine, or of a proxy in front of its socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DockerHost {
    Socket(PathBuf),
    Tcp(Url),
}

impl FromStr for DockerHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "expected unix:///var/run/docker.sock or tcp://host:2375";
        if let Some(path) = text.strip_prefix("unix://") {
            if !path.starts_with('/') {
                return Err(format!("{path:?} is no absolute path; {EXPECTED}"));
            }
            return Ok(Self::Socket(path.into()));
        }
        let address = ["tcp://", "http://"]
            .into_iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .ok_or(EXPECTED)?;
        // `tcp` is Docker's own scheme for HTTP.
        Url::parse(&format!("http://{address}"))
            .map(Self::Tcp)
            .map_err(|error| format!("{error}; {EXPECTED}"))
    }
}

impl fmt::Display for DockerHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "unix://{}", path.display()),
            // Without credentials, because it is logged.
            Self::Tcp(url) => {
                write!(f, "tcp://{}", url.host_str().unwrap_or_default())?;
                url.port().map_or(Ok(()), |port| write!(f, ":{port}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_or_an_address() {
        for (text, shown) in [
            ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
            ("tcp://proxy:2375", "tcp://proxy:2375"),
            ("http://127.0.0.1:2375/", "tcp://127.0.0.1:2375"),
            ("tcp://user:secret@proxy:2375", "tcp://proxy:2375"),
        ] {
            assert_eq!(text.parse::<DockerHost>().expect(text).to_string(), shown);
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_was_expected() {
        for wrong in [
            "",
            "docker.sock",
            "unix://docker.sock",
            "ssh://host",
            "https://host",
            "tcp://",
            "tcp://a:b",
        ] {
            let message = wrong.parse::<DockerHost>().expect_err(wrong);
            assert!(message.contains("expected unix://"), "{wrong}: {message}");
        }
    }
}
