//! The service, as its callers see it.

use std::fmt::Debug;

use super::{error::RateLimited, length::Length};

/// Makes filler text. How long it is, is counted in its own parts.
pub trait Lorem: Debug + Send + Sync {
    /// A word of so many letters.
    ///
    /// # Errors
    ///
    /// Fails if there were too many calls lately.
    fn word(&self, letters: Length) -> Result<String, RateLimited>;

    /// A sentence of so many words.
    ///
    /// # Errors
    ///
    /// Fails if there were too many calls lately.
    fn sentence(&self, words: Length) -> Result<String, RateLimited>;

    /// A paragraph of so many sentences.
    ///
    /// # Errors
    ///
    /// Fails if there were too many calls lately.
    fn paragraph(&self, sentences: Length) -> Result<String, RateLimited>;
}
