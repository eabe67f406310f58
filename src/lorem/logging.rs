//! Logging of calls.

use std::time::Instant;

use tracing::{debug, warn};

use super::{error::RateLimited, kind::Kind, length::Length, service::Lorem};

/// Decorator that logs the arguments, the duration and the result's size of each call.
#[derive(Debug)]
pub struct Logging<L> {
    inner: L,
}

impl<L: Lorem> Logging<L> {
    /// Wraps a service.
    pub const fn new(inner: L) -> Self {
        Self { inner }
    }

    fn log(&self, kind: Kind, length: Length) -> Result<String, RateLimited> {
        let started = Instant::now();
        let result = kind.call(&self.inner, length);
        let (method, duration) = (kind.as_str(), started.elapsed());
        match &result {
            Ok(text) => debug!(method, %length, bytes = text.len(), ?duration, "lorem"),
            Err(error) => warn!(method, %length, %error, ?duration, "lorem failed"),
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

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Seek},
        sync::Mutex,
    };

    use tracing::{Level, subscriber::with_default};

    use super::*;
    use crate::lorem::Text;

    #[test]
    fn each_call_is_logged_with_its_arguments() {
        let mut log = tempfile::tempfile().expect("a file");
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::DEBUG)
            .with_ansi(false)
            .with_writer(Mutex::new(log.try_clone().expect("the same file")))
            .finish();
        let length = Length::parse("3", "9").expect("valid bounds");
        with_default(subscriber, || {
            for kind in Kind::ALL {
                kind.call(&Logging::new(Text), length).expect("a text");
            }
        });

        let mut lines = String::new();
        log.rewind().expect("the start");
        log.read_to_string(&mut lines).expect("the log");
        assert_eq!(lines.lines().count(), Kind::ALL.len(), "{lines}");
        for (line, kind) in lines.lines().zip(Kind::ALL) {
            let expected = format!(r#"method="{}" length=3..=9"#, kind.as_str());
            assert!(line.contains(&expected), "no '{expected}' in: {line}");
        }
    }
}
