//! What a webhook's answer means.

use std::time::Duration;

use anyhow::anyhow;
use http::{HeaderMap, StatusCode, header};
use jiff::{Timestamp, fmt::rfc2822};

/// Why a message was not delivered.
#[derive(Debug)]
pub enum Failure {
    /// The webhook will never take it.
    Final(anyhow::Error),
    /// The webhook may take it later, and may have said when.
    Transient {
        error: anyhow::Error,
        retry_after: Option<Duration>,
    },
}

/// Returns what an answer means. Only a 2xx is a delivery.
///
/// A redirect is final, too: most of them turn a POST into a GET without a body, which whoever answers it would accept.
pub fn check(status: StatusCode, headers: &HeaderMap) -> Result<(), Failure> {
    if status.is_success() {
        return Ok(());
    }
    if status.is_redirection() {
        let error = anyhow!("it answered {status}: redirects are not followed; configure the final URL");
        return Err(Failure::Final(error));
    }
    let error = anyhow!("it answered {status}");
    let transient = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    if status.is_client_error() && !transient {
        return Err(Failure::Final(error));
    }
    Err(Failure::Transient {
        error,
        retry_after: retry_after(headers),
    })
}

/// Returns the pause that Retry-After asks for, in seconds or up to a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Duration::try_from(date.duration_since(now())).ok()
}

#[expect(clippy::disallowed_methods, reason = "the header has a date")]
fn now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_status(status: u16) -> Result<(), Failure> {
        check(StatusCode::from_u16(status).expect("a status"), &HeaderMap::new())
    }

    #[test]
    fn only_2xx_is_a_delivery_and_only_some_failures_pass() {
        for status in [200, 202, 204] {
            assert!(check_status(status).is_ok(), "{status}");
        }
        for status in [301, 302, 303, 304, 307, 308, 400, 401, 404, 410, 422] {
            assert!(matches!(check_status(status), Err(Failure::Final(_))), "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(
                matches!(check_status(status), Err(Failure::Transient { .. })),
                "{status}"
            );
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let pause = |text: &str| {
            let value = text.parse().expect("a header");
            retry_after(&HeaderMap::from_iter([(header::RETRY_AFTER, value)]))
        };
        assert_eq!(pause("120"), Some(Duration::from_mins(2)));
        assert!(pause("Fri, 31 Dec 2100 23:59:59 GMT").is_some_and(|pause| pause > Duration::from_hours(24)));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:37 GMT"), None);
        assert_eq!(pause("soon"), None);
    }
}
