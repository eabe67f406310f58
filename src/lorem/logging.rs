//! A line in the log for each call.

use std::time::Instant;

use tracing::{debug, warn};

use super::{Kind, Length, Lorem, RateLimited};

/// Writes down what was asked for, how long it took, and how long the text is.
#[derive(Debug)]
pub struct Logging<L> {
    inner: L,
}

impl<L: Lorem> Logging<L> {
    /// Logs the calls to another one.
    pub const fn new(inner: L) -> Self {
        Self { inner }
    }

    fn log(&self, kind: Kind, length: Length) -> Result<String, RateLimited> {
        let asked = Instant::now();
        let result = kind.of(&self.inner, length);
        let (method, duration) = (kind.as_str(), asked.elapsed());
        match &result {
            Ok(text) => debug!(method, %length, bytes = text.len(), ?duration, "lorem"),
            Err(error) => warn!(method, %length, %error, ?duration, "no lorem"),
        }
        result
    }
}

impl<L: Lorem> Lorem for Logging<L> {
    fn word(&self, letters: Length) -> Result<String, RateLimited> {
        self.log(Kind::Word, letters)
    }

    fn sentence(&self, words: Length) -> Result<String, RateLimited> {
        self.log(Kind::Sentence, words)
    }

    fn paragraph(&self, sentences: Length) -> Result<String, RateLimited> {
        self.log(Kind::Paragraph, sentences)
    }
}
