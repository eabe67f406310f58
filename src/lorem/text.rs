//! The implementation of the service.

use fake::{
    Fake,
    faker::lorem::en::{Word, Words},
    locales::{Data, EN},
};
use rand::seq::IndexedRandom;

use super::{error::RateLimited, length::Length, service::Lorem};

/// The number of words in a sentence of a paragraph.
const WORDS_PER_SENTENCE: std::ops::Range<usize> = 4..13;

/// Generator that draws words from the typesetters' Latin. It never fails.
#[derive(Clone, Copy, Debug)]
pub struct Text;

impl Lorem for Text {
    /// Returns a Latin word if one has a matching length, else several words joined.
    fn word(&self, letters: Length) -> Result<String, RateLimited> {
        let range = letters.range();
        let fitting: Vec<_> = EN::LOREM_WORD
            .iter()
            .filter(|word| range.contains(&word.len()))
            .collect();
        Ok(fitting
            .choose(&mut rand::rng())
            .map_or_else(|| concatenate_words(random_length(letters)), |word| (**word).to_owned()))
    }

    fn sentence(&self, words: Length) -> Result<String, RateLimited> {
        Ok(sentence(random_length(words)))
    }

    fn paragraph(&self, sentences: Length) -> Result<String, RateLimited> {
        let sentences: Vec<_> = (0..random_length(sentences))
            .map(|_| sentence(WORDS_PER_SENTENCE.fake()))
            .collect();
        Ok(sentences.join(" "))
    }
}

fn random_length(length: Length) -> usize {
    length.range().fake()
}

/// Joins words without spaces and truncates them to a number of letters.
fn concatenate_words(letters: usize) -> String {
    let mut word = String::new();
    while word.len() < letters {
        word.push_str(Word().fake());
    }
    // The words are ASCII, so a letter is a byte.
    word.truncate(letters);
    word
}

/// Returns a sentence: capitalized, with a full stop.
fn sentence(words: usize) -> String {
    let words: Vec<String> = Words(words..words + 1).fake();
    let mut sentence = words.join(" ") + ".";
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(min: usize, max: usize) -> Length {
        Length::parse(&min.to_string(), &max.to_string()).expect("valid bounds")
    }

    /// Asserts that many draws lie within the bounds, and vary if the bounds differ.
    #[track_caller]
    fn assert_within(min: usize, max: usize, draw: impl Fn(Length) -> usize) {
        let drawn: Vec<_> = (0..50).map(|_| draw(length(min, max))).collect();
        assert!(
            drawn.iter().all(|drawn| (min..=max).contains(drawn)),
            "{min} to {max}: {drawn:?}"
        );
        let all_the_same = drawn.iter().all(|other| *other == drawn[0]);
        assert_eq!(all_the_same, min == max, "{min} to {max}: {drawn:?}");
    }

    #[test]
    fn a_word_has_the_requested_number_of_letters() {
        let letters = |length| {
            let word = Text.word(length).expect("a word");
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
            word.len()
        };
        for exactly in (1..=30).chain([10_000]) {
            assert_within(exactly, exactly, letters);
        }
        for (min, max) in [(1, 10_000), (3, 9), (16, 40), (9_000, 10_000)] {
            assert_within(min, max, letters);
        }
    }

    #[test]
    fn a_word_is_latin_if_one_of_that_length_exists() {
        for _ in 0..100 {
            let word = Text.word(length(2, 14)).expect("a word");
            assert!(EN::LOREM_WORD.contains(&&*word), "{word}");
        }
    }

    #[test]
    fn a_sentence_has_the_requested_number_of_words() {
        let words = |length| {
            let sentence = Text.sentence(length).expect("a sentence");
            assert!(
                sentence.starts_with(|first: char| first.is_ascii_uppercase()),
                "{sentence}"
            );
            assert_eq!(sentence.find('.'), Some(sentence.len() - 1), "{sentence}");
            sentence.split(' ').count()
        };
        for (min, max) in [(1, 1), (5, 12), (2_000, 2_000)] {
            assert_within(min, max, words);
        }
    }

    #[test]
    fn a_paragraph_has_the_requested_number_of_sentences() {
        let sentences = |length| {
            let paragraph = Text.paragraph(length).expect("a paragraph");
            assert!(paragraph.ends_with('.'), "{paragraph}");
            paragraph.split(". ").count()
        };
        for (min, max) in [(1, 1), (3, 7), (300, 400)] {
            assert_within(min, max, sentences);
        }
    }
}
