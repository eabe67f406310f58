//! The metrics that every server of this crate has, and the reply to a scrape.

use std::io::Write;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use prometheus::Registry;
use red_metrics::{CONTENT_TYPE, encode};
use tokio::task::spawn_blocking;
use tracing::error;

use super::problem::Problem;
use crate::build_info;

/// A registry with the metrics of the build, the process and the runtime.
///
/// # Errors
///
/// None in practice: the registry is empty before.
pub fn registry() -> prometheus::Result<Registry> {
    let registry = Registry::new();
    build_info::register(&registry)?;
    red_metrics::runtime::register(&registry)?;
    #[cfg(target_os = "linux")]
    red_metrics::process::register(&registry)?;
    Ok(registry)
}

/// All metrics of the registry, compressed if the request's headers ask for it.
///
/// They are written on a thread of their own: with thousands of series that takes tens of milliseconds, for which a
/// worker would serve no request.
pub async fn reply(registry: &Registry, headers: &HeaderMap) -> Response {
    let registry = registry.clone();
    let compressed = takes_gzip(headers);
    let written = spawn_blocking(move || {
        let text = encode(&registry)?.into_bytes();
        Ok::<_, anyhow::Error>(if compressed { gzip(&text)? } else { text })
    });
    match written.await.map_err(anyhow::Error::from).flatten() {
        Ok(text) => {
            let mut response = ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response();
            let headers = response.headers_mut();
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
            if compressed {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response
        }
        Err(error) => {
            error!(%error, "cannot encode the metrics");
            Problem::internal().into_response()
        }
    }
}

/// At the fastest level: the text is a tenth of its size already then.
fn gzip(text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 8), Compression::fast());
    encoder.write_all(text)?;
    encoder.finish()
}

/// Whether `Accept-Encoding` names gzip, or all there are, and not with a weight of 0 (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let weight_of = |wanted: &str| {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
        let codings = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','));
        codings
            .map(|coding| coding.split_once(';').unwrap_or((coding, "q=1")))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
            .map(|(_, weight)| weight.trim().trim_start_matches(['q', 'Q', '=']).parse().unwrap_or(0.0))
    };
    weight_of("gzip")
        .or_else(|| weight_of("*"))
        .is_some_and(|weight: f32| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_where_it_is_asked_for_and_not_where_it_is_refused() {
        let takes = |line: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static(line),
            )]))
        };
        for line in ["gzip", "deflate, GZIP;q=0.5", "br;q=1.0,gzip; q=0.001", "*", "*;q=0.1"] {
            assert!(takes(line), "{line}");
        }
        for line in [
            "",
            "identity",
            "gzip;q=0",
            "deflate, br",
            "*;q=0",
            "gzip;q=0, *",
            "xgzip",
            "gzip;q=zero",
        ] {
            assert!(!takes(line), "{line}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
