//! Why a request is refused.

use http::StatusCode;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("This listener answers to localhost, 127.0.0.1 and [::1] only; the Host header names another.")]
    ForeignHost,
    #[error(
        "The Origin header names another site than the Host header; expected a request of this listener's own pages."
    )]
    ForeignOrigin,
    #[error("Expected the header 'Authorization: Bearer TOKEN', with the token that this service was started with.")]
    NoToken,
}

impl Refusal {
    /// Value of the header `WWW-Authenticate`, which goes with 401.
    pub const CHALLENGE: &str = r#"Bearer realm="observer""#;

    /// Returns the status of the reply.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::NoToken => StatusCode::UNAUTHORIZED,
        }
    }
}
