//! What is to go wrong, and how often.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{delay::Delay, ratio::Ratio, status::ErrorStatus};

/// An endpoint whose requests can be made to fail or wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Ping,
    Echo,
    Counter,
}

impl Endpoint {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Ping, Self::Echo, Self::Counter];

    /// The endpoint's route.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Ping => "/ping",
            Self::Echo => "/echo",
            Self::Counter => "/counter",
        }
    }
}

/// What may happen to the requests of one endpoint.
///
/// Each kind is drawn by itself. Where several are drawn for one request, the connection is dropped rather than hung,
/// and hung rather than answered with an error; the delay comes before any of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EndpointFaults {
    /// The share of requests that are answered with an error.
    pub error_ratio: Ratio,
    /// The status of these errors.
    pub error_status: ErrorStatus,
    /// How long each request is held back.
    #[serde(serialize_with = "as_text")]
    pub delay: Delay,
    /// The share of requests that are never answered: they end when the client leaves, or with the service.
    pub hang_ratio: Ratio,
    /// The share of requests whose connection is closed without an answer.
    pub drop_ratio: Ratio,
}

fn as_text<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// What may happen to the requests of all endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FaultPlan {
    /// For /ping.
    pub ping: EndpointFaults,
    /// For /echo.
    pub echo: EndpointFaults,
    /// For /counter.
    pub counter: EndpointFaults,
}

impl FaultPlan {
    /// The faults of one endpoint.
    #[must_use]
    pub const fn of(&self, endpoint: Endpoint) -> &EndpointFaults {
        match endpoint {
            Endpoint::Ping => &self.ping,
            Endpoint::Echo => &self.echo,
            Endpoint::Counter => &self.counter,
        }
    }

    /// The faults of one endpoint, to be changed.
    pub const fn of_mut(&mut self, endpoint: Endpoint) -> &mut EndpointFaults {
        match endpoint {
            Endpoint::Ping => &mut self.ping,
            Endpoint::Echo => &mut self.echo,
            Endpoint::Counter => &mut self.counter,
        }
    }
}
