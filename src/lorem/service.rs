//! The service's trait.

use std::fmt::Debug;

use super::{error::RateLimited, length::Length};

/// Generator of filler text.
pub trait Lorem: Debug + Send + Sync {
    /// Returns a word with a number of letters within `letters`.
    ///
    /// # Errors
    ///
    /// Fails if the rate limit is exceeded.
    fn word(&self, letters: Length) -> Result<String, RateLimited>;

    /// Returns a sentence with a number of words within `words`.
    ///
    /// # Errors
    ///
    /// Fails if the rate limit is exceeded.
    fn sentence(&self, words: Length) -> Result<String, RateLimited>;

    /// Returns a paragraph with a number of sentences within `sentences`.
    ///
    /// # Errors
    ///
    /// Fails if the rate limit is exceeded.
    fn paragraph(&self, sentences: Length) -> Result<String, RateLimited>;
}
