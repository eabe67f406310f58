//! JSON `null` as the default value.

use serde::{Deserialize, Deserializer};

/// `null` is read as what a missing field is.
pub fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
