//! JSON `null` as the default value.

use serde::{Deserialize, Deserializer};

/// Deserializes `null` as the default value, as for a missing field.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
