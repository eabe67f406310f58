//! Docker's answers, as received, and their parser.

use bytes::Bytes;
use serde::de::DeserializeOwned;

/// Docker's answers to one poll: unparsed JSON.
#[derive(Clone, Debug)]
pub enum Answers {
    /// A single engine.
    Plain {
        /// The engine's host.
        node: String,
        /// `GET /containers/json`
        containers: Bytes,
    },
    /// A Swarm, through one of its managers.
    Swarm {
        /// `GET /services`
        services: Bytes,
        /// `GET /tasks`
        tasks: Bytes,
        /// `GET /nodes`; required for the label `node` only.
        nodes: Option<Bytes>,
    },
}

/// An answer that does not match Docker's API.
#[derive(Debug, thiserror::Error)]
#[error("the answer to {call} is not understood: {source}")]
pub struct BadAnswer {
    call: &'static str,
    source: serde_json::Error,
}

/// Parses the answer to a call.
pub fn parse<T: DeserializeOwned>(call: &'static str, answer: &[u8]) -> Result<T, BadAnswer> {
    serde_json::from_slice(answer).map_err(|source| BadAnswer { call, source })
}
