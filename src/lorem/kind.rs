//! The methods of the service, by name.

use super::{error::RateLimited, length::Length, service::Lorem};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word, counted in letters.
    Word,
    /// A sentence, counted in words.
    Sentence,
    /// A paragraph, counted in sentences.
    Paragraph,
}

impl Kind {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Word, Self::Sentence, Self::Paragraph];

    /// The name, in a path and as a label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Sentence => "sentence",
            Self::Paragraph => "paragraph",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Calls the method of this kind.
    ///
    /// # Errors
    ///
    /// As the method.
    pub fn call(self, lorem: &dyn Lorem, length: Length) -> Result<String, RateLimited> {
        match self {
            Self::Word => lorem.word(length),
            Self::Sentence => lorem.sentence(length),
            Self::Paragraph => lorem.paragraph(length),
        }
    }
}
