//! Paths that fit into two numbers.

use std::hash::{Hash, Hasher};

/// A path of at most 16 bytes. Two of them are compared in three steps, where two texts take a call and a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShortPath {
    length: usize,
    /// The first half of the bytes, at least.
    head: u64,
    /// The last half, at least: where there are fewer bytes than two numbers hold, some are in both.
    tail: u64,
}

impl ShortPath {
    /// `None` where the path is longer.
    #[inline]
    pub(super) fn new(path: &str) -> Option<Self> {
        let bytes = path.as_bytes();
        let (head, tail) = match bytes {
            [] => (0, 0),
            [first, ..] if bytes.len() < 4 => (
                u64::from(*first),
                u64::from(bytes[bytes.len() / 2]) << 8 | u64::from(bytes[bytes.len() - 1]),
            ),
            _ if bytes.len() < 8 => (
                u32::from_ne_bytes(*bytes.first_chunk()?).into(),
                u32::from_ne_bytes(*bytes.last_chunk()?).into(),
            ),
            _ if bytes.len() <= 16 => (
                u64::from_ne_bytes(*bytes.first_chunk()?),
                u64::from_ne_bytes(*bytes.last_chunk()?),
            ),
            _ => return None,
        };
        Some(Self {
            length: bytes.len(),
            head,
            tail,
        })
    }
}

impl Hash for ShortPath {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        // One number is mixed faster than three, and tells nearly as many apart.
        state.write_u64(self.head ^ self.tail.rotate_left(32));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_paths_are_the_same() {
        let mut paths = HashSet::new();
        // All of up to six bytes of two kinds, and long ones that differ in one place.
        for length in 0..=6 {
            for bits in 0..1_u32 << length {
                let path: String = (0..length)
                    .map(|at| if bits >> at & 1 == 1 { 'a' } else { '/' })
                    .collect();
                paths.insert(path);
            }
        }
        for length in 7..=16 {
            for place in 0..=length {
                let path: String = (0..length).map(|at| if at == place { 'a' } else { '/' }).collect();
                paths.insert(path);
            }
        }
        let short: HashSet<_> = paths
            .iter()
            .map(|path| ShortPath::new(path).expect("at most 16 bytes"))
            .collect();
        assert_eq!(short.len(), paths.len());
        assert_eq!(ShortPath::new("/seventeen-bytes-"), None);
    }
}
