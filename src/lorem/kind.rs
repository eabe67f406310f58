//! The methods of the service, by name.

use super::{error::RateLimited, length::Length, service::Lorem};

/// A kind of text.
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
    /// All kinds, in the order of declaration.
    pub const ALL: [Self; 3] = [Self::Word, Self::Sentence, Self::Paragraph];

    /// Returns the name, as in a path and as a label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Sentence => "sentence",
            Self::Paragraph => "paragraph",
        }
    }

    /// Returns the kind with this name, or `None` if there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Calls the method of this kind.
    ///
    /// # Errors
    ///
    /// Fails if the method fails.
    pub fn call(self, lorem: &dyn Lorem, length: Length) -> Result<String, RateLimited> {
        match self {
            Self::Word => lorem.word(length),
            Self::Sentence => lorem.sentence(length),
            Self::Paragraph => lorem.paragraph(length),
        }
    }
}
