//! Docker's answers, as received, and their parser.

use bytes::Bytes;
use serde::de::DeserializeOwned;

/// What Docker answered in one poll: JSON, as it came.
#[derive(Clone, Debug)]
pub enum Answers {
    /// An engine by itself.
    Plain {
        /// The engine's host.
        node: String,
        /// `GET /containers/json`
        containers: Bytes,
    },
    /// A manager of a Swarm.
    Swarm {
        /// `GET /services`
        services: Bytes,
        /// `GET /tasks`
        tasks: Bytes,
        /// `GET /nodes`; only needed for the label `node`.
        nodes: Option<Bytes>,
    },
}

/// An answer that is not what Docker's API promises.
#[derive(Debug, thiserror::Error)]
#[error("the answer of {call} is not understood: {source}")]
pub struct BadAnswer {
    call: &'static str,
    source: serde_json::Error,
}

/// Reads the answer of a call.
pub fn parse<T: DeserializeOwned>(call: &'static str, answer: &[u8]) -> Result<T, BadAnswer> {
    serde_json::from_slice(answer).map_err(|source| BadAnswer { call, source })
}
