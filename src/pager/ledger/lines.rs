//! Lines of a file, read in bounded memory.

use std::io::{self, BufRead};

/// A line, without its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Complete(&'a [u8]),
    /// A line of more bytes than the limit, which are not kept.
    TooLong,
    /// The end of the file, after a line that has none.
    Incomplete,
}

/// Reader of lines.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    limit: usize,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Reads lines of at most `limit` bytes.
    pub fn new(reader: R, limit: usize) -> Self {
        Self {
            reader,
            limit,
            line: Vec::new(),
        }
    }

    /// Returns the next line and its length in the file, or `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<(Line<'_>, u64)>> {
        self.line.clear();
        let mut length = 0;
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok((length > 0).then_some((Line::Incomplete, length)));
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let text = &chunk[..end.unwrap_or(chunk.len())];
            // A line that is too long stays too long: of its rest nothing is kept, either.
            if length + text.len() as u64 <= self.limit as u64 {
                self.line.extend_from_slice(text);
            }
            let used = text.len() + usize::from(end.is_some());
            length += used as u64;
            self.reader.consume(used);
            if end.is_some() {
                let complete = self.line.len() as u64 + 1 == length;
                let line = if complete {
                    Line::Complete(&self.line)
                } else {
                    Line::TooLong
                };
                return Ok(Some((line, length)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    #[test]
    fn a_line_above_the_limit_is_skipped_and_not_kept() {
        let text = format!("short\n{}\n12345678\n\nrest", "a".repeat(1000));
        let mut lines = Lines::new(BufReader::with_capacity(3, text.as_bytes()), 8);
        for expected in [
            (Line::Complete(b"short".as_slice()), 6),
            (Line::TooLong, 1001),
            (Line::Complete(b"12345678"), 9),
            (Line::Complete(b""), 1),
            (Line::Incomplete, 4),
        ] {
            assert_eq!(lines.next().expect("it reads"), Some(expected));
        }
        assert_eq!(lines.next().expect("it reads"), None);
        assert!(lines.line.capacity() <= 16);
    }
}
