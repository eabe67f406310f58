//! Deserializers of a notification's fields. Their errors say what was found and what was expected.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error};

/// The most bytes of a fingerprint. Alertmanager's have 16.
const MAX_FINGERPRINT: usize = 128;

/// Go's zero time, which Alertmanager sends where it has no time.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// Accepts null as the default.
pub fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// Labels or annotations. One whose value is null is left out.
pub fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let texts: BTreeMap<String, Option<String>> = null_as_default(from)?;
    Ok(texts
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)))
        .collect())
}

/// A time.
pub fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    parse_time(&String::deserialize(from)?)
}

/// A time that may be missing. Go's zero time counts as missing.
pub fn optional_time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    match Option::<String>::deserialize(from)? {
        Some(text) if text != ZERO_TIME => parse_time(&text).map(Some),
        _ => Ok(None),
    }
}

fn parse_time<E: Error>(text: &str) -> Result<Timestamp, E> {
    text.parse().map_err(|_| {
        let start: String = text.chars().take(40).collect();
        E::custom(format_args!(
            "found {start:?}, expected a time as RFC 3339 writes it, such as 2026-11-21T10:00:00Z"
        ))
    })
}

/// The alert's fingerprint.
pub fn fingerprint<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() || text.len() > MAX_FINGERPRINT {
        return Err(D::Error::custom(format_args!(
            "found a text of {} bytes, expected 1 to {MAX_FINGERPRINT}",
            text.len()
        )));
    }
    Ok(text)
}
