//! Fault plans: which faults to inject, and how often.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{delay::Delay, ratio::Ratio, status::ErrorStatus};

/// An endpoint that faults can be injected into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Ping,
    Echo,
    Counter,
}

impl Endpoint {
    /// All endpoints, in the order of declaration.
    pub const ALL: [Self; 3] = [Self::Ping, Self::Echo, Self::Counter];

    /// Returns the endpoint's route.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Ping => "/ping",
            Self::Echo => "/echo",
            Self::Counter => "/counter",
        }
    }
}

/// Returns the faults of an endpoint.
///
/// Each kind is drawn independently. If several apply to one request, a drop takes precedence over a hang, and a hang
/// over an error. The delay comes first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EndpointFaults {
    /// The share of requests answered with an error.
    pub error_ratio: Ratio,
    /// The status of these errors.
    pub error_status: ErrorStatus,
    /// The delay of each request.
    #[serde(serialize_with = "as_text")]
    pub delay: Delay,
    /// The share of requests that are never answered. They end when the client disconnects or the request times out.
    pub hang_ratio: Ratio,
    /// The share of requests whose connection is closed without a response.
    pub drop_ratio: Ratio,
}

fn as_text<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The faults of all endpoints.
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
    /// Returns the faults of an endpoint.
    #[must_use]
    pub const fn of(&self, endpoint: Endpoint) -> &EndpointFaults {
        match endpoint {
            Endpoint::Ping => &self.ping,
            Endpoint::Echo => &self.echo,
            Endpoint::Counter => &self.counter,
        }
    }

    /// Returns the faults of an endpoint, mutably.
    pub const fn of_mut(&mut self, endpoint: Endpoint) -> &mut EndpointFaults {
        match endpoint {
            Endpoint::Ping => &mut self.ping,
            Endpoint::Echo => &mut self.echo,
            Endpoint::Counter => &mut self.counter,
        }
    }
}
